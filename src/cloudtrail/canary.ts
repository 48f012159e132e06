import { type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { type Millis, sayInstant } from '../kernel/time.ts';
import { said, saidAccount } from './identity.ts';

/** The event source of canaries: no service of AWS has such a name, and no rule about CloudTrail asks for it. */
export const CANARY_SOURCE = 'trailbot.canary';
export const CANARY_DETAIL_TYPE = 'Trailbot Canary';

/** A harmless marked event that one place sent, to see whether it comes all the way. */
export interface Canary {
  /** Nobody can guess it. */
  readonly id: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** What is put on the bus of the place: the detail of the event. */
export function canaryDetail(canary: Canary, sentAt: Millis): JsonObject {
  const { id, account, region } = canary;
  return { id, account, region, sentAt: sayInstant(sentAt) };
}

export function isCanary(envelope: JsonObject): boolean {
  return envelope.source === CANARY_SOURCE && envelope['detail-type'] === CANARY_DETAIL_TYPE;
}

/**
 * The canary in an EventBridge envelope. The envelope says where it was put (EventBridge writes that, forwarded or not);
 * what the detail says must agree. `undefined` when it does not, or when there is no id.
 */
export function readCanary(envelope: JsonObject): Canary | undefined {
  const account = saidAccount(envelope, 'account');
  const region = said(envelope, 'region');
  const detail = objectOf(envelope, 'detail') ?? {};
  const id = textOf(detail, 'id');
  if (id === undefined || account === undefined || region === undefined) return undefined;
  return detail.account === account && detail.region === region ? { id, account, region } : undefined;
}
