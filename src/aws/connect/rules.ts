import {
  DeleteRuleCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Rule,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { parseJson } from '../../kernel/json.ts';
import { type Control, call, eventsAt, unlessMissing } from './control.ts';
import { readDestination } from './destination.ts';
import { sameDocument } from './documents.ts';
import { TAG, whyNotOurs } from './mark.ts';
import type { Differences, Step } from './step.ts';
import { CANARY_PATTERN, RETRY, type Site, TARGET_ID, type WantedRule, type WantedTarget } from './wanted.ts';

export interface FoundRule {
  readonly name: string;
  readonly pattern: string | undefined;
  readonly state: string | undefined;
  readonly description: string | undefined;
  readonly targets: readonly Target[];
  readonly tags: ReadonlyMap<string, string>;
}

/** The rules of the default bus that are called as ours are. Throws LookupTrouble. */
export async function readRules(control: Control, site: Site, name: string): Promise<FoundRule[]> {
  const rules = await listRules(control, site, `${name}-`);
  const ours = rules.filter((rule) =>
    /^((changes|reads)-\d+|canary)$/.test(rule.Name?.slice(name.length + 1) ?? ''),
  );
  return Promise.all(
    ours.map(async ({ Name: rule = '', Arn: arn = '', ...said }) => {
      const [targets, tags] = await Promise.all([
        readTargets(control, site, rule),
        readTags(control, site, arn),
      ]);
      const { EventPattern: pattern, State: state, Description: description } = said;
      return { name: rule, pattern, state, description, targets, tags };
    }),
  );
}

async function listRules(control: Control, site: Site, prefix: string | undefined): Promise<Rule[]> {
  const rules: Rule[] = [];
  let token: string | undefined;
  do {
    const request = new ListRulesCommand({ NamePrefix: prefix, NextToken: token });
    const page = await call(control, site, 'events:ListRules', (abortSignal) =>
      eventsAt(control, site).send(request, { abortSignal }),
    );
    rules.push(...(page.Rules ?? []));
    token = page.NextToken;
  } while (token);
  return rules;
}

/**
 * By which other names something of ours is at a place. Told by the pattern of the canary's rule: whoever may only
 * look after what has this name may not read the tags of others. Throws LookupTrouble.
 */
export async function otherNamesAt(control: Control, site: Site, name: string): Promise<string[]> {
  const rules = await listRules(control, site, undefined);
  return rules.flatMap(({ Name: rule = '', EventPattern: pattern }) => {
    const [, other] = /^(.+)-canary$/.exec(rule) ?? [];
    return other !== undefined && other !== name && samePattern(CANARY_PATTERN, pattern) ? [other] : [];
  });
}

/** At most five, which is one page. */
async function readTargets(control: Control, site: Site, rule: string): Promise<Target[]> {
  const said = await unlessMissing(
    call(control, site, 'events:ListTargetsByRule', (abortSignal) =>
      eventsAt(control, site).send(new ListTargetsByRuleCommand({ Rule: rule }), { abortSignal }),
    ),
  );
  return said?.Targets ?? [];
}

async function readTags(control: Control, site: Site, arn: string): Promise<Map<string, string>> {
  const said = await unlessMissing(
    call(control, site, 'events:ListTagsForResource', (abortSignal) =>
      eventsAt(control, site).send(new ListTagsForResourceCommand({ ResourceARN: arn }), { abortSignal }),
    ),
  );
  return new Map((said?.Tags ?? []).map(({ Key: key = '', Value: value = '' }) => [key, value]));
}

/** `destinationArn`: of the API destination that is there, as far as one is. */
export function compareRules(
  site: Site,
  name: string,
  wanted: readonly WantedRule[],
  found: readonly FoundRule[],
  destinationArn: string | undefined,
): Differences {
  const foreign = found.flatMap((rule) => {
    const why = whyNotOurs(rule.tags, name);
    return why === undefined ? [] : [{ site, what: `rule ${rule.name}`, why }];
  });
  const makes = wanted.flatMap((rule) => {
    const there = found.find((one) => one.name === rule.name);
    return there ? changeOf(site, name, rule, there, destinationArn) : [creation(site, name, rule)];
  });
  const removes = found
    .filter((rule) => whyNotOurs(rule.tags, name) === undefined)
    .filter((rule) => !wanted.some((one) => one.name === rule.name))
    .map((rule) => removal(site, rule));
  return { makes, removes, foreign };
}

function creation(site: Site, name: string, rule: WantedRule): Step {
  return {
    site,
    verb: 'create',
    what: `rule ${rule.name}`,
    why: [],
    async take(control) {
      await putRule(control, site, name, rule);
      await putTarget(control, site, rule);
    },
  };
}

function changeOf(
  site: Site,
  name: string,
  rule: WantedRule,
  found: FoundRule,
  destinationArn: string | undefined,
): Step[] {
  const ruleWhy = [
    ...(samePattern(rule.pattern, found.pattern) ? [] : ['its pattern is another']),
    ...(rule.state === found.state ? [] : [`its state is ${found.state}, not ${rule.state}`]),
    ...(rule.description === found.description ? [] : ['its description is another']),
  ];
  const targetWhy = targetDifferences(rule.target, found.targets, destinationArn);
  if (ruleWhy.length + targetWhy.length === 0) return [];
  return [
    {
      site,
      verb: 'change',
      what: `rule ${rule.name}`,
      why: [...ruleWhy, ...targetWhy],
      async take(control) {
        if (ruleWhy.length > 0) await putRule(control, site, name, rule);
        if (targetWhy.length > 0) await putTarget(control, site, rule);
      },
    },
  ];
}

function samePattern(wanted: string, found: string | undefined): boolean {
  return sameDocument(parseJson(wanted), parseJson(found ?? 'null'));
}

/** Targets that somebody else has added to the rule stay. */
function targetDifferences(
  wanted: WantedTarget,
  targets: readonly Target[],
  destinationArn: string | undefined,
): string[] {
  const found = targets.find(({ Id: id }) => id === TARGET_ID);
  if (!found) return ['it has no target'];
  const { DeadLetterConfig: deadLetters, RetryPolicy: retry } = found;
  const sameRetry =
    retry?.MaximumRetryAttempts === RETRY.MaximumRetryAttempts &&
    retry.MaximumEventAgeInSeconds === RETRY.MaximumEventAgeInSeconds;
  const arn = wanted.arn ?? destinationArn;
  return [
    ...(arn !== undefined && found.Arn === arn ? [] : ['its target is another']),
    ...(found.RoleArn === wanted.role ? [] : ['the role of its target is another']),
    ...(deadLetters?.Arn === wanted.deadLetters ? [] : ['its dead-letter queue is another']),
    ...(sameRetry ? [] : ['how often it tries again is another']),
    ...(isChanged(found) ? ['its target changes the events'] : []),
  ];
}

function isChanged({ Input: input, InputPath: path, InputTransformer: transformer }: Target): boolean {
  return input !== undefined || path !== undefined || transformer !== undefined;
}

/** PutRule replaces, so everything is said; tags it takes for a new rule only. */
async function putRule(control: Control, site: Site, name: string, rule: WantedRule): Promise<void> {
  const request = new PutRuleCommand({
    Name: rule.name,
    EventPattern: rule.pattern,
    State: rule.state,
    Description: rule.description,
    Tags: [{ Key: TAG, Value: name }],
  });
  await call(control, site, 'events:PutRule', (abortSignal) =>
    eventsAt(control, site).send(request, { abortSignal }),
  );
}

async function putTarget(control: Control, site: Site, { name, target }: WantedRule): Promise<void> {
  const destination = target.arn === undefined ? await destinationOf(control, site, name) : target.arn;
  const request = new PutTargetsCommand({
    Rule: name,
    Targets: [
      {
        Id: TARGET_ID,
        Arn: destination,
        ...(target.role !== undefined && { RoleArn: target.role }),
        DeadLetterConfig: { Arn: target.deadLetters },
        RetryPolicy: RETRY,
      },
    ],
  });
  await call(control, site, 'events:PutTargets', async (abortSignal) =>
    unlessFailed(await eventsAt(control, site).send(request, { abortSignal })),
  );
}

/** The API destination is called as all is, so the rule's own name begins with its name. */
async function destinationOf(control: Control, site: Site, rule: string): Promise<string> {
  const name = rule.replace(/-((changes|reads)-\d+|canary)$/, '');
  return (await readDestination(control, site, name))?.arn ?? '';
}

function removal(site: Site, { name, targets }: FoundRule): Step {
  const others = targets.filter(({ Id: id }) => id !== TARGET_ID).length;
  return {
    site,
    verb: 'remove',
    what: `rule ${name}`,
    why: others === 0 ? [] : [`with ${others} more target${others === 1 ? '' : 's'} that somebody gave it`],
    async take(control) {
      const client = eventsAt(control, site);
      const ids = (await readTargets(control, site, name)).map(({ Id: id }) => id ?? '');
      if (ids.length > 0) {
        const request = new RemoveTargetsCommand({ Rule: name, Ids: ids });
        await unlessMissing(
          call(control, site, 'events:RemoveTargets', async (abortSignal) =>
            unlessFailed(await client.send(request, { abortSignal })),
          ),
        );
      }
      await call(control, site, 'events:DeleteRule', (abortSignal) =>
        client.send(new DeleteRuleCommand({ Name: name }), { abortSignal }),
      );
    },
  };
}

interface Entries {
  readonly FailedEntryCount?: number | undefined;
  readonly FailedEntries?:
    | readonly { readonly ErrorCode?: string | undefined; readonly ErrorMessage?: string | undefined }[]
    | undefined;
}

/** What failed is told in an answer that is otherwise fine: thrown as the error that it is. */
function unlessFailed({ FailedEntryCount: count = 0, FailedEntries: entries = [] }: Entries): void {
  if (count === 0) return;
  const { ErrorCode: name = 'InternalException', ErrorMessage: message = '' } = entries[0] ?? {};
  throw Object.assign(new Error(message), { name });
}
