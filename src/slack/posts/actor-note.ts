import type { Alert } from '../../alerts/alert.ts';
import { type JsonObject, numberOf, objectOf, textOf } from '../../kernel/json.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import { drawPushAbout } from '../push.ts';
import { type Leaf, label, leaf, pushText, richText, sayCount, sentence, words } from '../text.ts';
import { aboutAlert } from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

/** In the thread: who is asked, and what an answer is worth. Content: `user`, `who`, `with`. */
export function drawActorAsked(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const { content } = scene;
  const user = textOf(content, 'user') ?? '';
  const other = textOf(content, 'with');
  const about =
    other === undefined ? '' : ` The question is the one about ${other}; its answer counts here, too.`;
  return {
    text: pushText(
      `${card.names.get(user) ?? 'Somebody'} is asked: was this you? ${alert.title}. ${alert.id}`,
    ),
    blocks: [
      richText([
        [
          words('Asked '),
          ...sentence(`<@${user}>`),
          words(' whether it was them: '),
          leaf(textOf(content, 'who') ?? '', 150),
          words(`.${about}`),
        ],
        [words('The same account may be in other hands, so an answer alone proves nothing.')],
      ]),
    ],
  };
}

/** In the thread: why nobody is asked, or not yet. Content: `why`, `reason`, `who`, `once`. */
export function drawActorNobody(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const reason = textOf(scene.content, 'reason') ?? '';
  if (textOf(scene.content, 'why') === 'hours') {
    return {
      text: pushText(`Nobody is asked yet: ${alert.title}. ${alert.id}`),
      blocks: [
        richText([
          [
            words('“Was this you?” is asked only within the hours '),
            leaf(reason, 80),
            words('; the question waits for them: '),
            leaf(textOf(scene.content, 'who') ?? '', 150),
            words('.'),
          ],
        ]),
      ],
    };
  }
  return {
    text: pushText(`Nobody was asked whether it was them: ${alert.title}. ${alert.id}`),
    blocks: [
      richText([
        [
          words('Nobody was asked “Was this you?”: '),
          leaf(byName(reason, card.names, textOf(scene.content, 'who') ?? ''), 600),
          words('.'),
          ...(scene.content.once === true
            ? [words(' Further alerts of theirs within the hour do not say so again.')]
            : []),
        ],
      ]),
    ],
  };
}

/** A mention would call the very person who is not to be asked. */
function byName(reason: string, names: ReadonlyMap<string, string>, who: string): string {
  const called = (_: string, id: string) => names.get(id) ?? `whoever is mapped to ${who}`;
  return reason.replace(/<@([UW][A-Z0-9]{2,20})>/gu, called);
}

/** In the thread: what came of it. Content: `outcome`, `user`, `waited` (ms), `level`, `reason`, `paging`. */
export function drawActorOutcome(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const { content } = scene;
  const outcome = textOf(content, 'outcome') ?? '';
  const user = textOf(content, 'user') ?? '';
  const name = card.names.get(user) ?? 'Whoever was asked';
  const said: Leaf[] = [
    ...sentence(`<@${user}>`),
    leaf(SAID.get(outcome) ?? '…', 80, { bold: outcome !== 'yes' }),
  ];
  const waited = words(` (asked ${sayDuration(numberOf(content, 'waited') ?? 0)} ago)`);
  const lines = outcome === 'yes' ? yes(content, alert) : sayPaging(content);
  return {
    text: drawPushAbout(alert, `${name}${PUSHED.get(outcome) ?? ''}`),
    blocks: [richText([[...spaced(said), waited], ...lines])],
  };
}

const SAID: ReadonlyMap<string, string> = new Map([
  ['yes', ' says that it was them'],
  ['no', ' says that it was NOT them'],
  ['unsure', ' is not sure whether it was them'],
  ['silent', ' did not answer whether it was them'],
]);

const PUSHED: ReadonlyMap<string, string> = new Map([
  ['yes', ': it was me'],
  ['no', ': it was NOT me'],
  ['unsure', ': not sure it was me'],
  ['silent', ' did not answer'],
]);

/** A leaf loses the space at its start. */
function spaced([who, ...rest]: Leaf[]): Leaf[] {
  return [...(who ? [who] : []), words(' '), ...rest];
}

function yes(content: JsonObject, alert: Alert): Leaf[][] {
  const reason = [label('What for'), leaf(textOf(content, 'reason') ?? '', 500)];
  const grave = alert.level === 'high' || alert.level === 'critical';
  return grave && alert.state !== 'resolved'
    ? [
        reason,
        [words('The alert stays open: somebody else looks at it, because an answer alone proves nothing.')],
      ]
    : [reason];
}

function sayPaging(content: JsonObject): Leaf[][] {
  const paging = objectOf(content, 'paging') ?? {};
  switch (textOf(paging, 'how')) {
    case 'escalated':
      return [
        [words('The next step of '), leaf(textOf(paging, 'policy') ?? '', 80), words(' is taken at once.')],
      ];
    case 'held':
      return [
        [...sentence(`<@${textOf(paging, 'by') ?? ''}>`), words(' has this alert and is told directly.')],
      ];
    default:
      return [mentions(paging)];
  }
}

function mentions({ users }: JsonObject): Leaf[] {
  const people = Array.isArray(users) ? users.filter((user) => typeof user === 'string') : [];
  if (people.length === 0) {
    return [
      words('No escalation is left to page anybody, and nobody is on call. Whoever reads this: take it.'),
    ];
  }
  const named = people.flatMap((user, index) => [
    ...(index > 0 ? [words(', ')] : []),
    ...sentence(`<@${user}>`),
  ]);
  return [
    ...named,
    words(': no escalation is left to page anybody, and you are on call. Please look at it now.'),
  ];
}

/** To whoever has the alert: what the actor has said. Content: as for the thread. */
export function drawActorTold(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const outcome = textOf(scene.content, 'outcome') ?? '';
  const user = textOf(scene.content, 'user') ?? '';
  const said = spaced([...sentence(`<@${user}>`), leaf(SAID.get(outcome) ?? '', 80, { bold: true })]);
  return {
    text: drawPushAbout(alert, `${card.names.get(user) ?? 'Whoever was asked'}${PUSHED.get(outcome) ?? ''}`),
    blocks: [
      richText([
        [...said, words('. You have this alert, so please look at it now.')],
        ...aboutAlert(alert, scene.link),
      ]),
    ],
  };
}

/** In the thread: what a yes has kept quiet, now that it does no longer. Content: `user`, `count`. */
export function drawActorQuieted(scene: Scene): Message {
  const { alert } = sceneAlert(scene);
  const count = numberOf(scene.content, 'count') ?? 0;
  const what = count === 1 ? '1 more match' : `${sayCount(count)} more matches`;
  return {
    text: pushText(`${what} made no alert because of an answer. ${alert.title}. ${alert.id}`),
    blocks: [
      richText([
        [
          words('Because '),
          ...sentence(`<@${textOf(scene.content, 'user') ?? ''}>`),
          words(
            ` said that it was them, ${what} of the same made no alert. From now on the next one does again.`,
          ),
        ],
      ]),
    ],
  };
}
