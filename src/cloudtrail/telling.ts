import { objectOf } from '../kernel/json.ts';
import { said, saidAccount } from './identity.ts';
import { readInsight } from './insight.ts';
import { sayInsight, sayShares } from './insight-words.ts';
import { OWN_SOURCE } from './own-event.ts';
import type { CloudTrailRecord } from './record.ts';
import { sayDetails } from './service-details.ts';
import { saySignIn } from './sign-in.ts';
import { touchedThing } from './touched-thing.ts';

/** What an event is, where it is no plain call of the API. */
export type EventSort = 'insight' | 'network' | 'service' | 'sign-in' | 'data' | 'own';

/** An event that is no plain call of the API, in words. What comes from the event is text, never markup. */
export interface Telling {
  readonly sort: EventSort;
  /** A sentence without its full stop. */
  readonly said: string;
  /** Further facts, a label and a line each; never empty lines. */
  readonly facts: readonly (readonly [label: string, text: string])[];
}

/** `undefined` for management calls, which are told by who called what. */
export function tell(record: CloudTrailRecord): Telling | undefined {
  if (record.eventSource === OWN_SOURCE) return tellOwn(record);
  if (readInsight(record.body)) return tellInsight(record);
  if (isNetworkActivity(record)) return tellNetwork(record);
  const signIn = saySignIn(record);
  if (signIn) return { sort: 'sign-in', ...signIn };
  if (record.eventType === 'AwsServiceEvent') return tellService(record);
  return isDataEvent(record) ? tellData(record) : undefined;
}

/** `ec2:RunInstances`. */
function sayCall({ eventSource, eventName }: CloudTrailRecord): string {
  return `${eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '')}:${eventName}`;
}

function tellInsight(record: CloudTrailRecord): Telling {
  const insight = readInsight(record.body);
  if (!insight) return { sort: 'insight', said: record.eventName, facts: [] };
  return {
    sort: 'insight',
    said: sayInsight(insight, record.eventName),
    facts: sayShares(insight),
  };
}

/** A call that came through a VPC endpoint, recorded because of that. */
export function isNetworkActivity({ body, eventType }: CloudTrailRecord): boolean {
  return body.eventCategory === 'NetworkActivity' || /^AwsVpceEvents?$/.test(eventType ?? '');
}

/** Through which endpoint; and that it was the endpoint's own policy that refused, where it was. */
function tellNetwork(record: CloudTrailRecord): Telling {
  const endpoint = said(record.body, 'vpcEndpointId') ?? 'a VPC endpoint that is not named';
  const owner = saidAccount(record.body, 'vpcEndpointAccountId');
  const who = record.actor.label;
  const call = sayCall(record);
  const refused = record.errorCode === 'VpceAccessDenied';
  return {
    sort: 'network',
    said: refused
      ? `The policy of VPC endpoint ${endpoint} denied ${call} to ${who}`
      : `${who} called ${call} through VPC endpoint ${endpoint}`,
    facts: [['Endpoint', `${endpoint}${owner === undefined ? '' : ` of account ${owner}`}`]],
  };
}

function tellService(record: CloudTrailRecord): Telling {
  const { actor } = record;
  const details = sayDetails(objectOf(record.body, 'serviceEventDetails'));
  const by = actor.kind === 'service' ? actor.label.replace(/^service /, '') : 'AWS itself';
  const about = actor.kind === 'service' || actor.kind === 'account' ? '' : `, for ${actor.label}`;
  return {
    sort: 'service',
    said: `${by} reported ${sayCall(record)}${about}`,
    facts: details === '' ? [] : [['Details', details]],
  };
}

/** What is done in a resource (an object, an item), as opposed to with it. */
export function isDataEvent({ body }: CloudTrailRecord): boolean {
  return (
    body.eventCategory === 'Data' || (body.managementEvent === false && body.eventCategory === undefined)
  );
}

function tellData(record: CloudTrailRecord): Telling {
  const thing = touchedThing(record);
  const on = thing === undefined ? '' : ` on ${thing}`;
  return {
    sort: 'data',
    said: `${record.actor.label} called ${sayCall(record)}${on}`,
    facts: thing === undefined ? [] : [['On', thing]],
  };
}

function tellOwn(record: CloudTrailRecord): Telling {
  const details = sayDetails(objectOf(record.body, 'serviceEventDetails'));
  const what = record.eventName.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return {
    sort: 'own',
    said: `Trailbot noticed: ${what}`,
    facts: details === '' ? [] : [['Details', details]],
  };
}
