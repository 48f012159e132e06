import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { said } from './identity.ts';

/** What of the unusual activity an Insight breaks down: who called, with what, with which error, on what. */
export type Attribution = 'userIdentityArn' | 'userAgent' | 'errorCode' | 'resourceArn';

/** One of those behind the unusual activity, most involved first. Rates are calls (or errors) a minute. */
export interface Share {
  readonly value: string;
  readonly rate: number | undefined;
  /** Its rate before; `undefined` when it was not among the usual ones. */
  readonly usual: number | undefined;
}

/**
 * Activity that CloudTrail finds unusual, at its start or its end.
 * Source: AWS CloudTrail user guide, "CloudTrail record contents for Insights events for trails".
 */
export interface Insight {
  readonly state: 'start' | 'end' | undefined;
  readonly kind: 'calls' | 'errors';
  /** Of an Insight about errors. */
  readonly errorCode: string | undefined;
  /** Calls (or errors) a minute while it lasted. */
  readonly rate: number | undefined;
  /** Before; `undefined` when AWS has no baseline. */
  readonly usual: number | undefined;
  /** Minutes that it has lasted. */
  readonly minutes: number | undefined;
  /** The same at its start and at its end. */
  readonly sharedId: string | undefined;
  readonly shares: ReadonlyMap<Attribution, readonly Share[]>;
}

const ATTRIBUTIONS: readonly Attribution[] = ['userIdentityArn', 'userAgent', 'errorCode', 'resourceArn'];

/** `undefined` when the record is no Insight. Whatever is missing in one is `undefined` or empty; never throws. */
export function readInsight(body: JsonObject): Insight | undefined {
  const details = objectOf(body, 'insightDetails');
  if (!details) return undefined;
  const context = objectOf(details, 'insightContext') ?? {};
  const statistics = objectOf(context, 'statistics') ?? {};
  return {
    state: stateOf(textOf(details, 'state')),
    kind: textOf(details, 'insightType') === 'ApiErrorRateInsight' ? 'errors' : 'calls',
    errorCode: saidHere(details, 'errorCode'),
    rate: amountOf(objectOf(statistics, 'insight')?.average),
    usual: amountOf(objectOf(statistics, 'baseline')?.average),
    minutes: amountOf(statistics.insightDuration),
    sharedId: said(body, 'sharedEventID'),
    shares: sharesOf(context),
  };
}

/** The identity that an Insight names first among those behind the unusual activity. */
export function mostInvolved(body: JsonObject): JsonObject | undefined {
  const arn = readInsight(body)?.shares.get('userIdentityArn')?.[0]?.value;
  return arn === undefined ? undefined : { arn };
}

function stateOf(text: string | undefined): Insight['state'] {
  const state = text?.toLowerCase();
  return state === 'start' || state === 'end' ? state : undefined;
}

/** AWS writes the word where it has no value. */
function saidHere(object: JsonObject, key: string): string | undefined {
  const text = said(object, key);
  return text === 'null' ? undefined : text;
}

function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function sharesOf(context: JsonObject): Map<Attribution, readonly Share[]> {
  const attributions = Array.isArray(context.attributions) ? context.attributions.filter(isObject) : [];
  return new Map(
    ATTRIBUTIONS.flatMap((attribute) => {
      const found = attributions.find((one) => one.attribute === attribute);
      const usual = new Map(listed(found?.baseline).map(({ value, rate }) => [value, rate]));
      const shares = listed(found?.insight).map((one) => ({ ...one, usual: usual.get(one.value) }));
      const said = shares.filter(({ value }) => value !== 'null');
      // Among errors "null" stands for calls that did not fail; of these alone there is nothing to say.
      const telling = attribute === 'errorCode' && said.length > 0 ? shares : said;
      return telling.length > 0 ? [[attribute, telling] as const] : [];
    }),
  );
}

function listed(list: unknown): { value: string; rate: number | undefined }[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).flatMap((one) => {
    const value = said(one, 'value');
    return value === undefined ? [] : [{ value, rate: amountOf(one.average) }];
  });
}
