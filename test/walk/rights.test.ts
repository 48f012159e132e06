import { expect, it } from 'vitest';
import { MINUTE } from '../../src/kernel/time.ts';
import { SCOPES } from '../../src/slack/manifest.ts';
import { auditSince } from '../../src/store/audit.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import { verifyAudit } from '../../src/work/audit.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { type Bot, type BotOptions, startBot } from '../support/bot.ts';
import { ALICE, alertMessages, BOB, ephemerals, pressButton } from '../support/people.ts';
import { envelope, record } from '../support/records.ts';

const GROUP = 'S0RESPOND1';
const CARLA = 'U0CARLA001';
const BY_GROUP = `access: { respond: [${GROUP}] }\n`;

async function withAlert(options: BotOptions): Promise<Bot> {
  const bot = await startBot(options);
  await bot.post(envelope(record()));
  await bot.pass(2);
  return bot;
}

function alertOf(bot: Bot): StoredMessage {
  const [alert] = alertMessages(bot.workspace);
  if (!alert) throw new Error('no alert');
  return alert;
}

/** What one person alone was told, with the ids of whom it mentions. */
function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join('');
  if (typeof value !== 'object' || value === null) return '';
  const { user_id, usergroup_id, text, elements } = value as Record<string, unknown>;
  return `${user_id ?? usergroup_id ?? text ?? ''}${said(elements)}`;
}

/** Resolves to what the one who presses is told; `undefined` when the alert changes instead. */
async function press(bot: Bot, as: string, label: string): Promise<string | undefined> {
  await bot.pass(2);
  const before = ephemerals(bot.workspace, as).length;
  const alert = alertOf(bot);
  const heard = bot.workspace.waitFor(() => {
    const told = ephemerals(bot.workspace, as)[before];
    const changed = JSON.stringify(alertOf(bot)) !== JSON.stringify(alert);
    return told || changed ? { told } : undefined;
  });
  await pressButton(bot.workspace, as, alert, label);
  const { told } = await heard;
  return told && said(told.blocks);
}

it('a viewer is refused politely and hears whom to ask; a member of the group may', async () => {
  const bot = await withAlert({ yaml: BY_GROUP });
  bot.workspace.changeGroup(GROUP, [ALICE]);
  expect(await press(bot, BOB, 'Acknowledge')).toBe(
    `You may not act on alerts here. Ask ${GROUP}, or have your id ${BOB} added to access.respond in the configuration.`,
  );
  expect(await press(bot, ALICE, 'Acknowledge')).toBeUndefined();
  expect(JSON.stringify(alertOf(bot))).toContain(ALICE);
});

it('who is taken out of the group may nothing any more, a minute later', async () => {
  const bot = await withAlert({ yaml: BY_GROUP });
  expect(await press(bot, BOB, 'Acknowledge')).toBeUndefined();
  bot.workspace.changeGroup(GROUP, [ALICE]);
  await bot.clock.advance(MINUTE);
  expect(await press(bot, BOB, 'Un-acknowledge')).toContain('You may not act on alerts here.');
});

it('where Slack does not say who is in the group nobody may, but for those who are named', async () => {
  const scopes = Object.keys(SCOPES).filter((scope) => scope !== 'usergroups:read');
  const bot = await withAlert({ yaml: `access: { respond: [${GROUP}, ${CARLA}] }\n`, scopes });
  expect(await press(bot, ALICE, 'Acknowledge')).toBe(
    `Slack does not say who is in ${GROUP}, so you may not act on alerts for now (Slack refused: missing_scope; add usergroups:read to the app and reinstall it). Ask ${CARLA}.`,
  );
  expect(await press(bot, CARLA, 'Acknowledge')).toBeUndefined();
});

it('what people do and ask stands in the audit log with the settings, one chain over a restart', async () => {
  const bot = await withAlert({ yaml: BY_GROUP });
  await press(bot, ALICE, 'Acknowledge');
  const again = await bot.restart();
  const answered = again.workspace.waitFor(() => ephemerals(again.workspace, ALICE)[0]);
  await again.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail alerts' });
  await answered;
  await press(again, BOB, 'Un-acknowledge');
  again.app.reload();
  await again.pass();
  const sql = await openStoreForReading(again.folder);
  if (!sql) throw new Error('no database');
  const entries = await auditSince(sql, 0);
  const report = await verifyAudit(sql);
  await sql.close();
  expect(entries.map(({ number, kind, userId }) => [number, kind, userId])).toEqual([
    [1, 'configuration', 'trailbot'],
    [2, 'operation', ALICE],
    [3, 'question', ALICE],
    [4, 'operation', BOB],
    [5, 'configuration', 'trailbot'],
  ]);
  expect(report).toMatchObject({ entries: 5, findings: [] });
});
