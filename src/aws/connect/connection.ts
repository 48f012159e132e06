import {
  CreateConnectionCommand,
  DeleteConnectionCommand,
  DescribeConnectionCommand,
  UpdateConnectionCommand,
} from '@aws-sdk/client-eventbridge';
import { MINUTE, type Millis, SECOND, sayDuration } from '../../kernel/time.ts';
import { LookupTrouble } from '../../work/cloud-history.ts';
import { type Control, call, eventsAt, unlessMissing, unlessThere } from './control.ts';
import { hasKeyMark, keyMark, markedDescription, saltFrom, whyNotMarked } from './mark.ts';
import type { Differences, Step } from './step.ts';
import type { Site } from './wanted.ts';

export interface FoundConnection {
  readonly arn: string;
  /** Source: EventBridge API, `DescribeConnection`, `ConnectionState`. */
  readonly state: string;
  readonly reason: string | undefined;
  readonly description: string | undefined;
  /** Of the header with the key. */
  readonly header: string | undefined;
  readonly authorizedAt: Millis | undefined;
}

/** What the webhook reads the key from. */
export const KEY_HEADER = 'x-api-key';

const POLL_EVERY: Millis = 2 * SECOND;
const LONGEST_WAIT: Millis = 3 * MINUTE;
const READY = /^(AUTHORIZED|ACTIVE)$/;
const UNDER_WAY = /^(CREATING|UPDATING|AUTHORIZING|DEAUTHORIZING)$/;

/** Throws LookupTrouble. */
export async function readConnection(
  control: Control,
  site: Site,
  name: string,
): Promise<FoundConnection | undefined> {
  const said = await unlessMissing(
    call(control, site, 'events:DescribeConnection', (abortSignal) =>
      eventsAt(control, site).send(new DescribeConnectionCommand({ Name: name }), { abortSignal }),
    ),
  );
  return (
    said && {
      arn: said.ConnectionArn ?? '',
      state: said.ConnectionState ?? '',
      reason: said.StateReason || undefined,
      description: said.Description,
      header: said.AuthParameters?.ApiKeyAuthParameters?.ApiKeyName,
      authorizedAt: said.LastAuthorizedTime?.getTime(),
    }
  );
}

/** `key`: the first of the webhook's; `undefined` when there should be no connection. */
export function compareConnection(
  site: Site,
  name: string,
  key: string | undefined,
  found: FoundConnection | undefined,
): Differences {
  const what = `connection ${name}`;
  const foreignWhy = found && whyNotMarked(found.description, name);
  const foreign = foreignWhy === undefined ? [] : [{ site, what, why: foreignWhy }];
  if (key === undefined) {
    const removes = found && foreign.length === 0 ? [removal(site, name, isThere(found))] : [];
    return { makes: [], removes, foreign };
  }
  const makes = isThere(found) ? changeOf(site, name, key, found) : [creation(site, name, key)];
  return { makes, removes: [], foreign };
}

/** One that AWS is deleting counts no more, although its name is still taken. */
export function isThere(found: FoundConnection | undefined): found is FoundConnection {
  return found !== undefined && found.state !== 'DELETING';
}

function creation(site: Site, name: string, key: string): Step {
  return {
    site,
    verb: 'create',
    what: `connection ${name}`,
    why: [],
    async take(control) {
      // One that is being deleted keeps its name for a while.
      await until(control, site, name, (found) => found?.state !== 'DELETING');
      const request = new CreateConnectionCommand({ ...parameters(control, name, key), Name: name });
      const made = await unlessThere(
        call(control, site, 'events:CreateConnection', (abortSignal) =>
          eventsAt(control, site).send(request, { abortSignal }),
        ),
      );
      if (!made) await update(control, site, name, key);
      await untilReady(control, site, name);
    },
  };
}

function changeOf(site: Site, name: string, key: string, found: FoundConnection): Step[] {
  const waits = UNDER_WAY.test(found.state);
  const broken = !waits && !READY.test(found.state);
  const otherKey = !hasKeyMark(found.description, key) || found.header !== KEY_HEADER;
  const reason = found.reason === undefined ? '' : ` (${found.reason})`;
  const why = [
    ...(otherKey ? ['its key is not the first of TRAILBOT_WEBHOOK_KEYS'] : []),
    ...(broken ? [`it is ${found.state}${reason}`] : []),
    ...(waits ? [`it is still ${found.state}`] : []),
  ];
  if (why.length === 0) return [];
  return [
    {
      site,
      verb: 'change',
      what: `connection ${name}`,
      why,
      async take(control) {
        if (otherKey || broken) await update(control, site, name, key);
        await untilReady(control, site, name);
      },
    },
  ];
}

async function update(control: Control, site: Site, name: string, key: string): Promise<void> {
  const request = new UpdateConnectionCommand({ ...parameters(control, name, key), Name: name });
  await call(control, site, 'events:UpdateConnection', (abortSignal) =>
    eventsAt(control, site).send(request, { abortSignal }),
  );
}

function parameters({ random }: Control, name: string, key: string) {
  return {
    Description: `${markedDescription(name)}${keyMark(key, saltFrom(random.id()))}`,
    AuthorizationType: 'API_KEY' as const,
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: KEY_HEADER, ApiKeyValue: key } },
  };
}

/** `isThere`: AWS is not deleting it already. */
function removal(site: Site, name: string, isThere: boolean): Step {
  return {
    site,
    verb: 'remove',
    what: `connection ${name}`,
    why: isThere ? [] : ['AWS is deleting it'],
    async take(control) {
      const deleting = (): Promise<unknown> =>
        call(control, site, 'events:DeleteConnection', (abortSignal) =>
          eventsAt(control, site).send(new DeleteConnectionCommand({ Name: name }), { abortSignal }),
        );
      if (isThere) await unlessMissing(deleting());
      await until(control, site, name, (found) => found === undefined);
    },
  };
}

/** Resolves to the connection's ARN once events can be sent through it. Throws LookupTrouble. */
export async function untilReady(control: Control, site: Site, name: string): Promise<string> {
  const found = await until(control, site, name, (one) => one === undefined || !UNDER_WAY.test(one.state));
  if (found && READY.test(found.state)) return found.arn;
  const reason = found?.reason === undefined ? '' : `: ${found.reason}`;
  const what = found
    ? `the connection ${name} is ${found.state}${reason}`
    : `the connection ${name} is not there any more`;
  const remedy = 'put right what AWS names there, then run "trailbot aws apply" again';
  throw new LookupTrouble({ kind: 'refused', what, remedy });
}

async function until(
  control: Control,
  site: Site,
  name: string,
  reached: (found: FoundConnection | undefined) => boolean,
): Promise<FoundConnection | undefined> {
  const { clock, signal } = control;
  const deadline = clock.now() + LONGEST_WAIT;
  for (;;) {
    const found = await readConnection(control, site, name);
    if (reached(found)) return found;
    if (clock.now() >= deadline) {
      const reason = found?.reason === undefined ? '' : ` (${found.reason})`;
      const what = `the connection ${name} is still ${found?.state}${reason} after ${sayDuration(LONGEST_WAIT)}`;
      const remedy = 'run the command again in a few minutes: it goes on where it stopped';
      throw new LookupTrouble({ kind: 'out of time', what, remedy });
    }
    await clock.sleep(POLL_EVERY, signal);
  }
}
