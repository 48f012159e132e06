import type { types } from '@slack/bolt';
import { type Millis, sayDuration } from '../../kernel/time.ts';
import type { Trouble } from '../../store/troubles.ts';
import type { SlackTools } from '../slack-tools.ts';
import { bullets, type Leaf, leaf, plain, richText, sayCount, words } from '../text.ts';

/** What a press on *Try again* comes with. */
export const TRY_AGAIN = 'home_retry';

const SHOWN = 5;

/** What was given up or refused, why, and the way to try it again; nothing while there is none. */
export async function drawUndelivered({ desk, clock }: SlackTools): Promise<types.AnyBlock[]> {
  const { number, jobs, posts } = await desk.home.undelivered(SHOWN);
  if (number === 0) return [];
  const now = clock.now();
  const lines = [...jobs.map((one) => jobLine(one, now)), ...posts.map((one) => postLine(one, now))];
  const left = number - lines.length;
  const more = left > 0 ? [[words(`and ${sayCount(left)} more`)]] : [];
  return [
    { type: 'header', text: plain('Not delivered', 150) },
    bullets([...lines, ...more]),
    richText([
      [words('Mend what is named there, such as inviting Trailbot to the channel, and press Try again.')],
    ]),
    {
      type: 'actions',
      block_id: 'home:undelivered',
      elements: [
        {
          type: 'button',
          action_id: TRY_AGAIN,
          value: 'all',
          text: plain('Try again', 75),
          style: 'primary',
        },
      ],
    },
  ];
}

const JOBS: ReadonlyMap<string, string> = new Map([
  ['notify', 'The message of'],
  ['remind', 'A reminder of'],
  ['escalation_step', 'A page for'],
  ['escalation_outside', 'A page outside of Slack for'],
  ['oncall_group', 'The user group of'],
]);

function jobLine({ kind, about, why, since }: Trouble, now: Millis): Leaf[] {
  const what = JOBS.get(kind);
  const [subject = ''] = about.split(':');
  const name = what === undefined ? `${kind} ${about}` : `${what} ${subject}`;
  return [leaf(name, 120, { bold: true }), words(`, for ${sayDuration(now - since)}: `), leaf(why, 300)];
}

function postLine({ kind, about, why, since }: Trouble, now: Millis): Leaf[] {
  const person = /^[UW][A-Z0-9]{2,20}$/u.exec(about)?.[0];
  const [sort = ''] = kind.split('_');
  const place: Leaf = person === undefined ? leaf(about || 'nowhere', 80) : { type: 'user', user_id: person };
  return [
    leaf(`${POSTS.get(sort) ?? 'A message'} to `, 60, { bold: true }),
    place,
    words(`, for ${sayDuration(now - since)}: `),
    leaf(why, 300),
  ];
}

const POSTS: ReadonlyMap<string, string> = new Map([
  ['digest', 'A digest'],
  ['escalation', 'A page'],
  ['oncall', 'A hand-over or change of shifts'],
  ['mute', 'Word of a mute'],
  ['actor', 'A question to an actor'],
]);
