import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type App, startApp } from '../../src/app/app.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { systemClock } from '../../src/kernel/time.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { alertMessages, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const RELOADED = 'rules and settings reloaded';
const REFUSED = 'nothing was reloaded';

const ruleFor = (eventName: string, name: string) => `title: ${eventName} was called
name: ${name}
level: high
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: ${eventName} }
  condition: selection
`;
const KEY_RULE = ruleFor('CreateAccessKey', 'key-created');
const USER_RULE = ruleFor('CreateUser', 'user-created');
const SETTINGS = 'rules: { paths: [rules] }\n';

let folder: string;
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'rules'));
  put('rules/key.yml', KEY_RULE);
  put('trailbot.yaml', SETTINGS);
});

/** A bot on the real clock, with real files that it watches. */
interface Watched {
  readonly app: App;
  readonly workspace: Workspace;
  /** Does something, and resolves when the log has then said this. */
  until(text: string, act: () => void): Promise<void>;
  post(eventName: string, over?: Parameters<typeof record>[0]): Promise<void>;
  /** The check of that name in /readyz. */
  ready(name: string): Promise<{ ready: boolean; state: string; says: string }>;
}

function read(): { config: Config } | ReturnType<typeof readConfig> {
  const file = join(folder, 'trailbot.yaml');
  const found = readConfig({ text: readFileSync(file, 'utf8'), file: 'trailbot.yaml', env: {} });
  if ('problems' in found) return found;
  const { config } = found;
  return { config: { ...config, dataDir: join(folder, 'data'), listen: { host: '127.0.0.1', port: 0 } } };
}

async function start(reread: () => ReturnType<typeof read> = read): Promise<Watched> {
  const log = createWaitingLog();
  const first = read();
  if ('problems' in first) throw new Error('the settings of the test are wrong');
  const app = await startApp({
    config: first.config,
    base: folder,
    reread,
    watched: [join(folder, 'trailbot.yaml')],
    clock: systemClock,
    random: systemRandom,
    log: createLog('info', log),
  });
  onTestFinished(() => app.stop());
  if (!app.workspace) throw new Error('no local workspace was started');
  return {
    app,
    workspace: app.workspace,
    until: log.until,
    async post(eventName, over = {}) {
      const answer = await fetch(`${app.url}/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': app.webhookKeys[0] ?? '' },
        body: JSON.stringify(envelope(record({ eventName, ...over }))),
      });
      expect(answer.status).toBe(200);
    },
    async ready(name) {
      const answer = await fetch(`${app.url}/readyz`);
      const { ready, checks } = (await answer.json()) as {
        ready: boolean;
        checks: { name: string; state: string; says: string }[];
      };
      const { state = '', says = '' } = checks.find((check) => check.name === name) ?? {};
      return { ready, state, says };
    },
  };
}

function createWaitingLog() {
  let text = '';
  const listeners = new Set<() => void>();
  return {
    write(line: string) {
      text += line;
      for (const listener of [...listeners]) listener();
    },
    async until(wanted: string, act: () => void): Promise<void> {
      const from = text.length;
      const seen = new Promise<void>((resolve) => {
        const look = () => {
          if (!text.includes(wanted, from)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
      });
      act();
      await seen;
    },
  };
}

/** Resolves with the text of the message about an event. */
const messageAbout = (
  { workspace }: Watched,
  eventName: string,
): Promise<{ text: string; channel: string }> =>
  workspace.waitFor(() => {
    const message = alertMessages(workspace).find((one) =>
      textIn([one.blocks, one.attachments]).includes(eventName),
    );
    return message && { text: textIn([message.blocks, message.attachments]), channel: message.channel };
  });

describe('a rule file', () => {
  it('that is changed, added or removed is taken in by itself', async () => {
    const bot = await start();
    await bot.until(RELOADED, () => put('rules/user.yml', USER_RULE));
    expect((await bot.app.status()).rules).toMatchObject({ loaded: 2, problems: [] });
    await bot.post('CreateUser');
    await messageAbout(bot, 'CreateUser');
    await bot.until(RELOADED, () => put('rules/user.yml', ruleFor('DeleteUser', 'user-created')));
    await bot.post('DeleteUser');
    await messageAbout(bot, 'DeleteUser');
  });

  it('that is put in the place of another, or lies in a new folder, is taken in too', async () => {
    const bot = await start();
    for (const eventName of ['CreateUser', 'DeleteUser', 'CreateRole']) {
      await bot.until(RELOADED, () => {
        put('new', ruleFor(eventName, 'key-created'));
        renameSync(join(folder, 'new'), join(folder, 'rules/key.yml'));
      });
      // Another person each time, so that it is another alert.
      await bot.post(eventName, { userIdentity: user(`caller-of-${eventName}`) });
      await messageAbout(bot, `${eventName} was called`);
    }
    await bot.until(RELOADED, () => mkdirSync(join(folder, 'rules/iam')));
    await bot.until(RELOADED, () => put('rules/iam/user.yml', USER_RULE));
    expect((await bot.app.status()).rules.loaded).toBe(2);
  });

  it('that an editor has hidden beside it does not count', async () => {
    const bot = await start();
    await bot.until(RELOADED, () => {
      symlinkSync('nowhere', join(folder, 'rules/.#user.yml'));
      put('rules/.user.yml.yml', 'half a rule');
    });
    expect((await bot.app.status()).rules).toMatchObject({ loaded: 1, problems: [] });
  });

  it('with a mistake leaves the old rules in force, shows in /readyz, and is forgotten when it is mended', async () => {
    const bot = await start();
    expect(await bot.ready('rules')).toMatchObject({ ready: true, state: 'ok' });
    await bot.until(REFUSED, () => {
      put('rules/user.yml', USER_RULE);
      put('rules/key.yml', KEY_RULE.replace('condition: selection', 'condition: other'));
    });
    expect(await bot.ready('rules')).toEqual({
      ready: true,
      state: 'degraded',
      says: expect.stringContaining('The last reload was refused (1 mistake'),
    });
    expect((await bot.app.status()).rules).toMatchObject({
      loaded: 1,
      problems: [{ file: 'rules/key.yml', line: 7, column: 14 }],
    });
    await bot.post('CreateAccessKey');
    await messageAbout(bot, 'CreateAccessKey');
    await bot.until(RELOADED, () => put('rules/key.yml', KEY_RULE));
    expect(await bot.ready('rules')).toMatchObject({ state: 'ok' });
    expect((await bot.app.status()).rules.loaded).toBe(2);
  });

  it('on which loading fails altogether is refused like one with a mistake', async () => {
    let fails = true;
    const failing = new (class extends Map<string, never> {
      override get(): never {
        throw new RangeError('Maximum call stack size exceeded');
      }
    })();
    const bot = await start(() => {
      const found = read();
      if ('problems' in found || !fails) return found;
      const { config } = found;
      return { config: { ...config, rules: { ...config.rules, levels: failing } } };
    });
    await bot.until(REFUSED, () => put('rules/user.yml', USER_RULE));
    expect((await bot.app.status()).rules).toMatchObject({
      loaded: 1,
      problems: [{ file: 'rules', what: 'these rules cannot be loaded (Maximum call stack size exceeded)' }],
    });
    await bot.post('CreateAccessKey');
    await messageAbout(bot, 'CreateAccessKey');
    fails = false;
    await bot.until(RELOADED, () => put('rules/user.yml', USER_RULE));
    expect((await bot.app.status()).rules).toMatchObject({ loaded: 2, problems: [] });
  });
});

describe('the configuration', () => {
  it('takes effect when it is changed: routes, accounts, silences', async () => {
    const bot = await start();
    await bot.until(RELOADED, () =>
      put(
        'trailbot.yaml',
        `${SETTINGS}
accounts: {"111122223333": {name: prod-core}}
routes: {channel: "#general"}
silences: [{match: ["region=eu-west-3"], reason: a test}]
`,
      ),
    );
    await bot.post('CreateAccessKey', { awsRegion: 'eu-west-3' });
    await bot.post('CreateAccessKey');
    const { text, channel } = await messageAbout(bot, 'CreateAccessKey');
    expect(text).toContain('prod-core');
    expect(text).toContain('us-east-1');
    await bot.app.settle();
    expect(alertMessages(bot.workspace)).toHaveLength(1);
    expect(channel).toBe('C0GENERAL0');
  });

  it('takes effect when another file is put in its place, as editors do, again and again', async () => {
    put('rules/user.yml', USER_RULE);
    const bot = await start();
    for (const [disabled, loaded] of [
      ['user-created', 1],
      ['', 2],
      ['key-created', 1],
    ] as const) {
      await bot.until(RELOADED, () => {
        put('new.yaml', `rules: { paths: [rules], disabled: [${disabled}] }\n`);
        renameSync(join(folder, 'new.yaml'), join(folder, 'trailbot.yaml'));
      });
      expect((await bot.app.status()).rules).toMatchObject({ loaded, problems: [] });
    }
  });

  it('with a mistake changes nothing and shows in /readyz until it is mended', async () => {
    const bot = await start();
    await bot.until(REFUSED, () => put('trailbot.yaml', `${SETTINGS}rulez: {}\n`));
    expect(await bot.ready('rules')).toMatchObject({ ready: true, state: 'degraded' });
    expect((await bot.app.status()).rules.problems).toMatchObject([{ file: 'trailbot.yaml', line: 2 }]);
    await bot.until(RELOADED, () => put('trailbot.yaml', SETTINGS));
    expect(await bot.ready('rules')).toMatchObject({ ready: true, state: 'ok' });
  });

  it('may name further rules, which are then watched as well', async () => {
    const bot = await start();
    mkdirSync(join(folder, 'more'));
    put('more/user.yml', USER_RULE);
    await bot.until(RELOADED, () => put('trailbot.yaml', 'rules: { paths: [rules, more] }\n'));
    await bot.until(RELOADED, () => put('more/third.yml', ruleFor('DeleteTrail', 'trail-deleted')));
    expect((await bot.app.status()).rules.loaded).toBe(3);
  });

  it('that keeps records shorter than a correlation looks back is warned of', async () => {
    const bot = await start();
    const correlation =
      'correlation: {type: event_count, rules: [key-created], timespan: 7d, condition: {lt: 2}}';
    await bot.until(RELOADED, () => put('rules/few.yml', `title: Few keys\n${correlation}\n`));
    await bot.until('looks back further than records are kept (7 d)', () =>
      put('trailbot.yaml', `${SETTINGS}history: { records: 7d }\n`),
    );
  });

  it('says which change has to wait for the next start', async () => {
    const bot = await start();
    await bot.until('the new public_url is used after the next start', () =>
      put('trailbot.yaml', `${SETTINGS}public_url: https://bot.example\n`),
    );
  });
});
