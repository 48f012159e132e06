import { unwrap } from '../../cloudtrail/envelope.ts';
import { readRecord } from '../../cloudtrail/record.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../kernel/json.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Ruleset } from '../../rules/ruleset.ts';
import { type Complaint, MOST_COMPLAINTS, type Outcome, type Wanted } from './outcome.ts';
import { PlainRecords, pathsAsked } from './plain-record.ts';
import { Scanner } from './scanner.ts';

/** Runs JSON values through rules and keeps what came of it, until it is taken away. */
export class Matcher {
  /** Reads from a record what `addScanned` asks for; `undefined` when that is all of it. */
  readonly scanner: Scanner | undefined;
  readonly #ruleset: Ruleset;
  readonly #plain: PlainRecords | undefined;
  readonly #order: ReadonlyMap<Rule, number>;
  readonly #wanted: Wanted;
  #records = 0;
  #unread = 0;
  /** By day. A map that is cleared would keep what was in it for a while, and the texts of which that is a part. */
  #times = new Map<string, [first: string, last: string]>();
  /** The day of the last record, and the first and the last time of it. */
  #day = '';
  #first = '';
  #last = '';
  #complaints: Complaint[] = [];
  #hits: number[] = [];
  #texts: string[] = [];
  /** Earlier ones, joined. */
  readonly #settled: string[] = [];

  constructor(ruleset: Ruleset, wanted: Wanted) {
    this.#ruleset = ruleset;
    const paths = pathsAsked(ruleset);
    this.#plain = paths && new PlainRecords(ruleset.compiled, paths);
    this.scanner = paths && new Scanner(paths);
    this.#order = new Map(ruleset.rules.map((rule, index) => [rule, index]));
    this.#wanted = wanted;
  }

  /** The value of a JSON text and whatever is wrapped in it; `undefined` when the text is no JSON. */
  add(value: Json | undefined, line: number): void {
    if (value === undefined) this.#complain('It is no JSON.', line);
    else if (Array.isArray(value)) for (const member of value) this.#one(member, line);
    else if (isObject(value) && isRecordList(value))
      for (const member of value.Records) this.#one(member, line);
    else this.#one(value, line);
  }

  /** What `scanner` read, and its text; false, with nothing added, when that is no JSON after all. */
  addScanned(text: string, from: number, to: number, line: number): boolean {
    if (this.#addPlain()) return true;
    const value = parseJson(text.slice(from, to));
    if (value !== undefined) this.add(value, line);
    return value !== undefined;
  }

  /** Lets go of the texts in which objects were scanned: what is kept until it is taken is no part of them. */
  settle(): void {
    if (this.#texts.length === 0) return;
    this.#settled.push(this.#texts.join('\n'));
    this.#texts = [];
  }

  /** What came of everything that was added since the last time. */
  take(): Outcome {
    this.settle();
    this.#turnTo('', '');
    const outcome: Outcome = {
      records: this.#records,
      unread: this.#unread,
      times: [...this.#times.values()].flat(),
      complaints: this.#complaints,
      hits: new Uint32Array(this.#hits),
      texts: this.#settled.splice(0).join('\n'),
    };
    this.#records = 0;
    this.#unread = 0;
    this.#times = new Map();
    this.#complaints = [];
    this.#hits = [];
    return outcome;
  }

  #one(value: Json, line: number): void {
    if (isObject(value)) {
      this.scanner?.read(value);
      if (this.#addPlain()) return;
    }
    this.#unwrap(value, line);
  }

  /** Nearly all records are added here. */
  #addPlain(): boolean {
    const row = this.scanner?.row;
    const plain = this.#plain;
    if (!row || !plain) return false;
    const rules = this.#ruleset.rulesForRow(row);
    if (!plain.has(row, rules)) return false;
    if (rules.length === 0) this.#records += 1;
    else {
      const id = this.#wanted === 'id' ? plain.idOf(row) : undefined;
      if (id === undefined) return false;
      this.#keep(rules, `"${id}"`);
    }
    this.#time(plain.timeOf(row));
    return true;
  }

  #unwrap(value: Json, line: number): void {
    for (const item of unwrap(value)) {
      const record = 'reason' in item ? { unreadable: item.reason } : readRecord(item.record, item);
      if ('unreadable' in record) {
        this.#complain(record.unreadable, line);
        continue;
      }
      this.#time(record.body.eventTime);
      const rules = this.#ruleset.rulesFor(record.body);
      if (rules.length === 0) this.#records += 1;
      else this.#keep(rules, JSON.stringify(this.#wanted === 'id' ? record.eventId : record));
    }
  }

  /** As CloudTrail writes times, the later one is the greater text, and begins with its day. */
  #time(time: Json | undefined): void {
    if (typeof time !== 'string' || time === this.#last) return;
    if (this.#day === '' || !time.startsWith(this.#day)) this.#turnTo(time.slice(0, 10), time);
    if (time > this.#last) this.#last = time;
    else if (time < this.#first) this.#first = time;
  }

  #turnTo(day: string, time: string): void {
    if (this.#day !== '') this.#times.set(this.#day, [this.#first, this.#last]);
    const [first, last] = this.#times.get(day) ?? [time, time];
    this.#day = day;
    this.#first = first;
    this.#last = last;
  }

  #keep(rules: readonly Rule[], text: string): void {
    for (const rule of rules) this.#hits.push(this.#records, this.#order.get(rule) ?? 0);
    this.#texts.push(text);
    this.#records += 1;
  }

  #complain(reason: string, line: number): void {
    if (this.#complaints.length < MOST_COMPLAINTS) {
      this.#complaints.push({ record: this.#records, line, reason });
    }
    this.#records += 1;
    this.#unread += 1;
  }
}

/** `{"Records":[…]}` and nothing else, as all trail files are. */
function isRecordList(value: JsonObject): value is { Records: Json[] } {
  return Array.isArray(value.Records) && Object.keys(value).length === 1;
}
