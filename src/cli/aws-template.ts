import { stringify } from 'yaml';
import { specOf } from '../aws/connect/options.ts';
import { homeTemplate, spokeTemplate } from '../aws/connect/template.ts';
import { wantedPermissions } from '../aws/connect/wanted.ts';
import type { JsonObject } from '../kernel/json.ts';
import { Misuse } from '../kernel/problem.ts';
import { readConnect } from './aws-settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

interface TemplateOptions {
  readonly config?: string;
  readonly home?: boolean;
  readonly spoke?: boolean;
  readonly json?: boolean;
}

/** Prints what "aws apply" makes at one place as a CloudFormation template: the home place unless --spoke. */
export function printTemplate(terminal: Terminal, options: TemplateOptions): number {
  if (options.home && options.spoke) throw new Misuse('Give --home or --spoke, not both.');
  const { connect } = readConnect(terminal, options.config);
  const { name, organization, accounts } = connect;
  const spec = specOf(connect);
  const template = options.spoke
    ? spokeTemplate(spec)
    : homeTemplate(spec, wantedPermissions(name, organization, accounts));
  terminal.out(sayTemplate(template, options.json === true));
  return EXIT.fine;
}

/**
 * Each pattern on one line, in JSON, which YAML knows too: a value a line would make the template larger than
 * CloudFormation takes.
 */
function sayTemplate(template: JsonObject, json: boolean): string {
  const patterns: string[] = [];
  const marked = (key: string, value: unknown): unknown =>
    key === 'EventPattern' ? `@@${patterns.push(JSON.stringify(value)) - 1}@@` : value;
  const text = JSON.stringify(template, marked, 2);
  const printed = json
    ? `${text}\n`
    : stringify(JSON.parse(text), { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
  return printed.replace(/"?@@(\d+)@@"?/g, (_, index) => patterns[Number(index)] ?? '');
}
