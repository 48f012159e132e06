import type { JsonObject } from '../kernel/json.ts';
import { type Millis, parseDuration } from '../kernel/time.ts';
import { fieldList } from './field-list.ts';
import { type FirstSeen, readFirstSeen } from './first-seen.ts';
import type { Notes } from './notes.ts';
import type { RuleTest } from './rule.ts';
import { optionalText, refuseUnknown } from './shape.ts';
import { jsonObjectOf, type MapNode, type Member, memberOf, type YamlNode } from './source.ts';

/** What a rule says under its `trailbot:` key (docs/rules.md). */
export interface Extras {
  readonly summary: string | undefined;
  readonly runbook: string | undefined;
  readonly groupBy: readonly string[] | undefined;
  readonly quietFor: Millis | undefined;
  readonly firstSeen: FirstSeen | undefined;
  readonly needs: number | undefined;
  readonly askActor: boolean;
  readonly tests: readonly RuleTest[];
}

const NO_EXTRAS: Extras = {
  summary: undefined,
  runbook: undefined,
  groupBy: undefined,
  quietFor: undefined,
  firstSeen: undefined,
  needs: undefined,
  askActor: false,
  tests: [],
};

const KEYS = ['summary', 'runbook', 'group_by', 'quiet_for', 'first_seen', 'needs', 'ask_actor', 'tests'];
const MOST_PEOPLE = 5;
const TEST_KEYS = ['name', 'event', 'events', 'expect'];

/** Reads the `trailbot:` map of a rule document. */
export function readExtras(rule: MapNode, notes: Notes): Extras {
  const member = memberOf(rule, 'trailbot');
  if (!member) return NO_EXTRAS;
  const map = member.value;
  if (map.kind !== 'map') {
    notes.refuse(map.at, '"trailbot" must be a map', `its keys are ${KEYS.join(', ')}`);
    return NO_EXTRAS;
  }
  refuseUnknown(map, KEYS, '"trailbot"', notes);
  return {
    summary: readSummary(map, notes),
    runbook: readRunbook(map, notes),
    groupBy: fieldList(map, 'group_by', notes),
    quietFor: readQuietFor(map, notes),
    firstSeen: readFirstSeen(map, notes),
    needs: readNeeds(map, notes),
    askActor: readAskActor(map, notes),
    tests: readTests(map, notes),
  };
}

function readSummary(map: MapNode, notes: Notes): string | undefined {
  const text = optionalText(map, 'summary', notes);
  const member = memberOf(map, 'summary');
  if (text === undefined || !member) return undefined;
  const left = text.replaceAll(/\{ *[\w:/@-]+(\.[\w:/@-]+)*( *\| *[\w:/@-]+(\.[\w:/@-]+)*)* *\}/g, '');
  if (/[{}]/.test(left)) {
    const what = 'the summary has a brace that is not part of a placeholder';
    notes.refuse(member.value.at, what, 'write placeholders as {actor} or {requestParameters.userName}');
  }
  return text;
}

function readRunbook(map: MapNode, notes: Notes): string | undefined {
  const text = optionalText(map, 'runbook', notes);
  const member = memberOf(map, 'runbook');
  if (text === undefined || !member) return undefined;
  if (URL.canParse(text) && new URL(text).protocol === 'https:') return text;
  notes.refuse(member.value.at, `the runbook "${text}" is not an https address`, 'write it as https://…');
  return undefined;
}

function readQuietFor(map: MapNode, notes: Notes): Millis | undefined {
  const text = optionalText(map, 'quiet_for', notes);
  const member = memberOf(map, 'quiet_for');
  if (text === undefined || !member) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined) {
    notes.refuse(member.value.at, `"${text}" is not a duration`, 'write it as 30m, 4h or 7d');
  }
  return duration;
}

function readNeeds(map: MapNode, notes: Notes): number | undefined {
  const member = memberOf(map, 'needs');
  if (!member) return undefined;
  const value = member.value.kind === 'scalar' ? member.value.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_PEOPLE)
    return value;
  const what = `"needs" must be a whole number from 1 to ${MOST_PEOPLE}`;
  notes.refuse(member.value.at, what, 'write how many different people have to acknowledge: needs: 2');
  return undefined;
}

function readAskActor(map: MapNode, notes: Notes): boolean {
  const member = memberOf(map, 'ask_actor');
  if (!member) return false;
  const value = member.value.kind === 'scalar' ? member.value.value : undefined;
  if (typeof value === 'boolean') return value;
  notes.refuse(member.value.at, '"ask_actor" must be true or false', 'write ask_actor: true');
  return false;
}

function readTests(map: MapNode, notes: Notes): RuleTest[] {
  const member = memberOf(map, 'tests');
  if (!member) return [];
  if (member.value.kind !== 'list') {
    notes.refuse(member.value.at, '"tests" must be a list', 'write "- name: …", "event: …", "expect: match"');
    return [];
  }
  return member.value.items.flatMap((item) => readTest(item, notes) ?? []);
}

function readTest(node: YamlNode, notes: Notes): RuleTest | undefined {
  if (node.kind !== 'map') {
    notes.refuse(node.at, 'a test must be a map', `its keys are ${TEST_KEYS.join(', ')}`);
    return undefined;
  }
  refuseUnknown(node, TEST_KEYS, 'a test', notes);
  const name = optionalText(node, 'name', notes);
  if (name === undefined && !memberOf(node, 'name')) {
    notes.refuse(node.at, 'this test has no name', 'add "name:" with what the test shows');
  }
  const expect = readExpectation(node, notes);
  const events = readEvents(node, notes);
  if (name === undefined || expect === undefined || !events) return undefined;
  return { name, events, expect, line: node.at.line, column: node.at.column };
}

function readExpectation(test: MapNode, notes: Notes): boolean | undefined {
  const member = memberOf(test, 'expect');
  const text = member?.value.kind === 'scalar' ? member.value.text : undefined;
  if (text === 'match') return true;
  if (text === 'no match') return false;
  const what = member ? '"expect" must be "match" or "no match"' : 'this test does not say what it expects';
  notes.refuse(member?.value.at ?? test.at, what, 'write "expect: match" or "expect: no match"');
  return undefined;
}

function readEvents(test: MapNode, notes: Notes): JsonObject[] | undefined {
  const one = memberOf(test, 'event');
  const several = memberOf(test, 'events');
  if (one && several) {
    notes.refuse(several.keyAt, 'this test has both "event" and "events"', 'keep one of them');
    return undefined;
  }
  const nodes = several ? listOf(several, notes) : one ? [one.value] : [];
  if (nodes.length === 0) {
    const at = several?.value.at ?? test.at;
    notes.refuse(
      at,
      'this test has no event',
      'add "event:" with a CloudTrail record, or "events:" with several',
    );
    return undefined;
  }
  const maps = nodes.filter((node) => node.kind === 'map');
  for (const node of nodes) {
    if (node.kind !== 'map') notes.refuse(node.at, 'an event must be a map', 'write a CloudTrail record');
  }
  return maps.length === nodes.length ? maps.map(jsonObjectOf) : undefined;
}

function listOf(member: Member, notes: Notes): readonly YamlNode[] {
  if (member.value.kind === 'list') return member.value.items;
  notes.refuse(member.value.at, '"events" must be a list', 'write each event as "- …", or use "event"');
  return [];
}
