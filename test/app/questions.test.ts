import { expect, test } from 'vitest';
import { createQuestionDesk } from '../../src/app/questions.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { loadRules } from '../../src/rules/load.ts';
import { KEY, someQuestion } from '../slack/answers.ts';
import { fakeClock } from '../support/clock.ts';
import { temporaryStore } from '../support/store.ts';

const ALICE = { userId: 'U0ALICE01', teamId: 'T0LOCAL001', name: 'alice' };
const BOB = { userId: 'U0BOB00001', teamId: 'T0LOCAL001', name: 'bob' };

async function questions(yaml = '') {
  const db = await temporaryStore();
  const read = readConfig({ text: yaml, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map((problem) => problem.what).join('\n'));
  const cloud = { history: async () => ({ off: 'no AWS credentials' }), close: () => {} };
  const desk = createQuestionDesk({
    db,
    settings: () => read.config,
    cloud,
    ruleset: () => loadRules([]).ruleset,
    clock: fakeClock(),
    random: systemRandom,
    log: createLog('silent'),
  });
  const ask = (operator = ALICE) =>
    desk.ask({ question: someQuestion(), operator, hear: () => {}, signal: new AbortController().signal });
  return { db, desk, ask };
}

test('an answer that is narrowed is kept under the name of whoever narrows it', async () => {
  const { db, desk, ask } = await questions();
  const asked = await ask();
  if ('refused' in asked) throw new Error(asked.refused);
  const narrowed = await desk.narrow(asked, { access: 'writes' }, BOB);
  expect(narrowed.question).toMatchObject({ kind: 'key', value: KEY, scope: { access: 'writes' } });
  const rows = await db.all<{ id: string; userId: string }>('select id, user_id as "userId" from questions');
  expect(new Map(rows.map(({ id, userId }) => [id, userId]))).toEqual(
    new Map([
      [asked.id, ALICE.userId],
      [narrowed.id, BOB.userId],
    ]),
  );
});

test('one person may ask so often within a minute, whatever it is for; another is not kept waiting', async () => {
  const { ask } = await questions('access: { questions_per_minute: 2 }\n');
  expect([await ask(), await ask(), await ask()].map((answer) => 'refused' in answer)).toEqual([
    false,
    false,
    true,
  ]);
  expect(await ask(BOB)).not.toHaveProperty('refused');
});
