import { join } from 'node:path';
import { type Clock, sayDuration } from '../../kernel/time.ts';
import { damageOf, spaceAt } from '../../store/health.ts';
import { lastSeen } from '../../store/seen.ts';
import type { Sql } from '../../store/sql.ts';
import type { Checkup, Diagnosis } from './checkup.ts';

const AREA = 'data';
const GB = 1024 ** 3;
/** Below this the database soon cannot grow. */
const LITTLE = GB;

/** The database's file and the disk that it lies on. */
export function dataCheckups(folder: string): Checkup[] {
  return [
    { area: AREA, check: 'database', look: () => database(folder) },
    { area: AREA, check: 'disk', look: () => disk(folder) },
  ];
}

async function database(folder: string): Promise<Diagnosis[]> {
  const file = join(folder, 'trailbot.db');
  const damage = await damageOf(file);
  if (damage.length === 0)
    return [{ area: AREA, check: 'database', verdict: 'fine', says: `${file} is whole` }];
  const says = `${file} is damaged: ${damage.join('; ')}`;
  const remedy =
    'stop the bot, copy the folder, and bring back a backup or recover it with "sqlite3 trailbot.db .recover"';
  return [{ area: AREA, check: 'database', verdict: 'fault', says, remedy }];
}

async function disk(folder: string): Promise<Diagnosis[]> {
  const { free, all } = await spaceAt(folder);
  const says = `${(free / GB).toFixed(1)} GB of ${(all / GB).toFixed(1)} GB are free at ${folder}`;
  if (free >= LITTLE) return [{ area: AREA, check: 'disk', verdict: 'fine', says }];
  const remedy = 'free some, or keep events for a shorter time (history.records)';
  return [{ area: AREA, check: 'disk', verdict: 'fault', says, remedy }];
}

/** Whether what people do in Slack reaches the bot, by requests or through sockets: only what came can tell. */
export function heardCheckups(sql: Sql, clock: Clock, sockets = false): Checkup[] {
  const heard = (check: string, prefix: string, what: string, remedy: string): Checkup => ({
    area: 'slack',
    check,
    async look() {
      const at = await lastSeen(sql, prefix);
      if (at === undefined) {
        return [{ area: 'slack', check, verdict: 'unknown', says: `no ${what} has come yet`, remedy }];
      }
      const says = `the last ${what} came ${sayDuration(clock.now() - at)} ago`;
      return [{ area: 'slack', check, verdict: 'fine', says }];
    },
  });
  return [
    sockets
      ? heard(
          'slack-requests',
          'socket:',
          'message of Slack through a socket',
          'type "/trail status" in Slack; if no answer comes, turn on Socket Mode in the app (the log says whether a socket is open)',
        )
      : heard(
          'slack-requests',
          'signature:',
          'signed request of Slack',
          'type "/trail status" in Slack; if no answer comes, check the request URL and SLACK_SIGNING_SECRET (the log names a wrong signature)',
        ),
    heard(
      'slack-interactivity',
      'delivery:press:',
      'press of a button',
      `press "Test the buttons" under "/trail status"; if nothing happens, ${sockets ? 'turn on' : 'set the request URL under'} Interactivity & Shortcuts`,
    ),
  ];
}
