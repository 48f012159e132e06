const AGGREGATION =
  /^(count|sum|avg|min|max)\s*\(\s*([^()\s]*)\s*\)\s*(?:by\s+([^\s<>=]+))?\s*(?:(>=|<=|==|=|>|<)\s*(\d+(?:\.\d+)?))?\s*$/i;

const COMPARISON: Readonly<Record<string, string>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
};

/**
 * What replaces a condition with an aggregation after "|", Sigma's old syntax: the correlation document, as far as it
 * can be told. `timeframe` is the detection's, as written. Source: Sigma rules specification 1, "Aggregations".
 */
export function replacementFor(conditionText: string, timeframe: string | undefined): string {
  const pipe = conditionText.indexOf('|');
  const timespan = timeframe ?? '10m';
  if (pipe < 0)
    return `leave it out, and add a document with "${correlation('event_count', [], timespan, '{gte: 10}')}"`;
  const before = conditionText.slice(0, pipe).trim() || 'selection';
  const after = conditionText.slice(pipe + 1).trim();
  if (/^near\b/i.test(after)) return forNear(before, after, timespan);
  const [, how = '', field = '', by, sign = '>', number = '1'] = AGGREGATION.exec(after) ?? [];
  if (how === '')
    return `end the condition after "${before}", and count its matches in a correlation document`;
  const comparison = COMPARISON[sign] ?? 'gt';
  const calculated = how.toLowerCase();
  if (calculated === 'min' || calculated === 'max') return forExtreme(field, comparison, number);
  const type =
    calculated === 'count' ? (field === '' ? 'event_count' : 'value_count') : `value_${calculated}`;
  const bound = `${comparison}: ${number}`;
  const condition = field === '' ? `{${bound}}` : `{field: ${field}, ${bound}}`;
  const document = correlation(type, by === undefined ? [] : [by], timespan, condition);
  return `write "condition: ${before}", give the rule a name, and add a document with "${document}"`;
}

function correlation(type: string, by: readonly string[], timespan: string, condition: string): string {
  const group = by.length > 0 ? `group-by: [${by.join(', ')}], ` : '';
  return `correlation: {type: ${type}, rules: [NAME], ${group}timespan: ${timespan}, condition: ${condition}}`;
}

function forNear(before: string, after: string, timespan: string): string {
  const near = after.replace(/^near\s*/i, '').split(/\s+and\s+/i);
  const wanted = near.filter((name) => !/^not\s/i.test(name));
  const missing = near.filter((name) => /^not\s/i.test(name));
  const rules = [before, ...wanted, ...missing.map((name) => name.replace(/^not\s+/i, ''))];
  const condition = missing.length > 0 ? `, condition: ${[before, ...wanted, ...missing].join(' and ')}` : '';
  const document = `correlation: {type: temporal, rules: [${rules.join(', ')}], timespan: ${timespan}${condition}}`;
  return `make each of ${rules.join(', ')} a rule of that name, and add a document with "${document}"`;
}

function forExtreme(field: string, comparison: string, number: string): string {
  return `look at each event: write "${field}|${comparison}: ${number}" into the selection`;
}
