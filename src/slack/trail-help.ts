import type { Message } from './alert-message.ts';
import { bullets, codeLeaf, type Leaf, label, pushText, richText, words } from './text.ts';

interface Command {
  readonly example: string;
  readonly does: string;
}

/** What this version answers, with examples to copy. */
export const COMMANDS: readonly { readonly about: string; readonly commands: readonly Command[] }[] = [
  {
    about: 'Who did what',
    commands: [
      {
        example: '/trail key AKIAIOSFODNN7EXAMPLE 30d',
        does: 'who used this access key, from where, for what; an ASIA… key also who made it',
      },
      {
        example: '/trail who acme-backups 2d',
        does: 'who touched anything: a name, id, ARN, address or e-mail',
      },
      { example: '/trail user alice 7d', does: 'what a user or a session did' },
      { example: '/trail ip 198.51.100.24', does: 'what came from an address' },
      { example: '/trail role Admin yesterday', does: 'what a role was used for, and by whom' },
      { example: '/trail resource i-0abc1234def567890 writes', does: 'what was done to one thing' },
    ],
  },
  {
    about: 'What went on',
    commands: [
      { example: '/trail errors 1h', does: 'denied and failed calls, by who made them' },
      { example: '/trail logins 1d failed', does: 'sign-ins to the console' },
      { example: '/trail root 90d', does: 'every use of the root user' },
      {
        example: '/trail event 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11',
        does: 'one event in full, by its eventID',
      },
      {
        example: '/trail explain 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11',
        does: 'why an event alerted, or not, rule by rule; also of an alert: explain A-12',
      },
      {
        example: '/trail compare 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11 8d1f2b3c-4a5e-4f60-8172-93a4b5c6d7e8',
        does: 'two to five events side by side',
      },
    ],
  },
  {
    about: 'Alerts and the bot',
    commands: [
      { example: '/trail alerts', does: 'what is open; also: alerts all, alerts mine' },
      {
        example: '/trail oncall',
        does: 'who is on call now and next; also: oncall next, oncall override @user 4h, oncall swap @user, oncall end',
      },
      {
        example: '/trail stats 30d',
        does: 'how the rules did: alerts, false positives, time to acknowledge',
      },
      { example: '/trail mutes', does: 'what is muted, with an end to each; mute A-12 mutes a pattern' },
      { example: '/trail rules', does: 'the rules that are loaded; with a name, that rule' },
      { example: '/trail status', does: 'whether events arrive, what waits, what failed' },
      { example: '/trail help', does: 'this list' },
    ],
  },
];

const NARROWING: readonly (readonly Leaf[])[] = [
  [
    label('Period'),
    codeLeaf('30m'),
    words(' '),
    codeLeaf('2h'),
    words(' '),
    codeLeaf('7d'),
    words(' '),
    codeLeaf('yesterday'),
    words(' '),
    codeLeaf('since 2026-11-01'),
    words(' '),
    codeLeaf('until 2026-11-03'),
  ],
  [
    label('Narrower'),
    codeLeaf('in prod'),
    words(' (account) '),
    codeLeaf('region eu-west-1'),
    words(' '),
    codeLeaf('reads'),
    words(' '),
    codeLeaf('writes'),
    words(' '),
    codeLeaf('failed'),
  ],
  [
    label('Also'),
    words('mention the bot with a question, or choose '),
    { type: 'text', text: 'Investigate this', style: { bold: true } },
    words(' in the menu of any message.'),
  ],
];

/** `/trail help`, after a sentence on what was wrong, if something was. */
export function drawHelp(wrong?: readonly Leaf[]): Message {
  const intro = wrong ?? [
    label('Trailbot'),
    words('turns AWS CloudTrail events that a rule matches into alerts, and answers here, to you alone:'),
  ];
  const groups = COMMANDS.flatMap(({ about, commands }) => [
    richText([[{ type: 'text', text: about, style: { bold: true } }]]),
    bullets(commands.map(({ example, does }) => [codeLeaf(example), words(` ${does}`)])),
  ]);
  return {
    text: pushText('What /trail can answer'),
    blocks: [richText([intro]), ...groups, richText(NARROWING)],
  };
}
