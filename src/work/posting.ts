import type { JsonObject } from '../kernel/json.ts';
import { Fault } from '../kernel/problem.ts';
import { type Millis, SECOND } from '../kernel/time.ts';
import { alertById } from '../store/alerts.ts';
import { enqueue } from '../store/jobs.ts';
import {
  forgetPostIntent,
  insertPost,
  type Post,
  postById,
  postsOfAlert,
  type StoredPost,
  wantRedraw,
  writePostIntent,
  writePostReceipt,
} from '../store/posts.ts';
import { messageState } from '../store/receipts.ts';
import type { Sql } from '../store/sql.ts';
import { bringOut, type Card, cardOf, type NotifyTools, type Receipt } from './notify.ts';
import type { Result } from './worker.ts';

/** A post with what it is drawn from. */
export interface Draft {
  readonly post: Post;
  /** The alert that it is about, as it stands now. */
  readonly card: Card | undefined;
  /** The alert's own message, when Slack has it: links lead there, and threads hang on it. */
  readonly about: Receipt | undefined;
}

/** Says what is no alert's own message. Faults as those of `Notifier`. */
export interface Speaker {
  /** The post's id is its intent, carried as message metadata. */
  say(draft: Draft): Promise<Receipt>;
  redraw(draft: Draft, receipt: Receipt): Promise<'updated' | 'gone'>;
  /** The message that carries the post's id, if Slack has it. */
  findPost(draft: Draft, since: Millis): Promise<Receipt | undefined>;
}

export interface PostTools extends NotifyTools {
  readonly speaker: Speaker;
  /** Slack will never take this post: who asked for it may go another way. Called in the same transaction. */
  readonly onRefused?: ((sql: Sql, post: Post, reason: string, now: Millis) => Promise<void>) | undefined;
}

/** How far this machine's clock may be ahead of Slack's. */
const CLOCKS_APART: Millis = 600 * SECOND;

/** Asks for a post in the caller's transaction; a post that is there already is not said again. */
export async function saySoon(sql: Sql, post: Post, now: Millis): Promise<boolean> {
  const added = await insertPost(sql, post, now);
  if (added) await enqueue(sql, 'post', post.id, now);
  return added;
}

/** Draws the posts about an alert anew, since it has changed. */
export async function redrawPostsOf(sql: Sql, alertId: string, kind: string, now: Millis): Promise<void> {
  for (const { id } of await postsOfAlert(sql, alertId, kind)) await sayAnew(sql, id, now);
}

/** Draws a post anew, from other content where it is given. */
export async function sayAnew(sql: Sql, id: string, now: Millis, content?: JsonObject): Promise<void> {
  if (await wantRedraw(sql, id, content)) await enqueue(sql, 'post', id, now);
}

/** Brings a post in Slack up to date: says it, or edits it. */
export async function sayPost(tools: PostTools, id: string): Promise<Result> {
  const post = await postById(tools.db, id);
  if (!post) return 'done';
  const about =
    post.alertId === undefined ? undefined : (await messageState(tools.db, post.alertId))?.receipt;
  // What hangs on the alert's message waits for it.
  const card = await cardFor(tools, post);
  if (post.inThread && !about && !post.receipt) {
    if (card) await tools.db.tx((sql) => bringOut(sql, card.alert, tools.clock.now()));
    return { again: tools.clock.now() + SECOND };
  }
  const draft = { post, card, about };
  const receipt = post.receipt ?? (await settled(tools, draft, post));
  if (!receipt) return say(tools, draft, post);
  if (post.receipt && post.wanted === post.drawn) return 'done';
  const drawn = post.receipt ? post.wanted : 1;
  const outcome = await tools.speaker.redraw(draft, receipt);
  if (outcome === 'updated' || !post.receipt)
    await writePostReceipt(tools.db, id, receipt, drawn, tools.clock.now());
  // Somebody has deleted it: it was said, and that is enough.
  return outcome === 'gone' ? 'done' : catchUp(tools, id, drawn);
}

async function say(tools: PostTools, draft: Draft, post: StoredPost): Promise<Result> {
  const { db, clock } = tools;
  await writePostIntent(db, post.id, clock.now());
  let receipt: Receipt;
  try {
    receipt = await tools.speaker.say(draft);
  } catch (error) {
    if (error instanceof Fault && !error.uncertain) await refuse(tools, post, error);
    throw error;
  }
  await writePostReceipt(db, post.id, receipt, post.wanted, clock.now());
  return catchUp(tools, post.id, post.wanted);
}

async function refuse(tools: PostTools, post: Post, fault: Fault): Promise<void> {
  const now = tools.clock.now();
  await tools.db.tx(async (sql) => {
    const never = fault.retryAfter === undefined;
    await forgetPostIntent(sql, post.id, never ? fault.message : undefined);
    if (never) await tools.onRefused?.(sql, post, fault.message, now);
  });
}

/** After a crash or a lost answer an intent has no receipt: Slack is asked whether it took the message. */
async function settled(tools: PostTools, draft: Draft, post: StoredPost): Promise<Receipt | undefined> {
  if (post.intentAt === undefined) return undefined;
  try {
    return await tools.speaker.findPost(draft, post.intentAt - CLOCKS_APART);
  } catch (error) {
    if (!(error instanceof Fault) || error.retryAfter !== undefined) throw error;
    // Without the history scope nobody can know; a word twice is better than a word lost.
    tools.log.warn(
      { error, post: post.id },
      'could not look for a message after a lost answer; saying it again',
    );
    return undefined;
  }
}

async function cardFor(tools: PostTools, { alertId }: Post): Promise<Card | undefined> {
  const alert = alertId === undefined ? undefined : await alertById(tools.db, alertId);
  return alert && cardOf(tools, alert);
}

/** It may have been asked for anew while Slack was being told. */
async function catchUp({ db, clock }: PostTools, id: string, drawn: number): Promise<Result> {
  const post = await postById(db, id);
  return post && post.wanted !== drawn ? { again: clock.now() } : 'done';
}
