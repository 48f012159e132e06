/** Where the client ran, as AWS's tools say it in `exec-env/`. */
const ENVIRONMENTS: readonly (readonly [RegExp, string])[] = [
  [/^AWS_ECS_FARGATE$/i, 'ECS Fargate'],
  [/^AWS_ECS(_EC2)?$/i, 'ECS'],
  [/^AWS_Lambda_(.+)$/i, 'Lambda $1'],
  [/^EC2$/i, 'EC2'],
];

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** CloudTrail keeps 1 KB of a user agent; what is longer is none. */
const READ = 1100;
const LONGEST = 48;

/**
 * The short form of a user agent: `aws-cli 2.17 (CodeBuild)`, `Boto3 1.35`, `browser (Chrome on macOS)`,
 * `Terraform 1.9`, `AWS Internal`, or the name of a service.
 */
export function nameClient(userAgent: string | undefined): string {
  const agent = (userAgent ?? '').slice(0, READ).trim().replace(/^\[/, '').replace(/\]$/, '');
  if (agent === '') return 'not recorded';
  if (/^aws[ -]internal\b/i.test(agent)) return 'AWS Internal';
  const [, service] = /^([\w-]+)Console\/[\w.]+/.exec(agent) ?? [];
  if (service !== undefined) return `${service} console`;
  if (agent.startsWith('Mozilla/')) return nameBrowser(agent);
  const named = nameTool(agent);
  const notes = [...environmentOf(agent), ...(/\bkali(?![a-z])/i.test(agent) ? ['Kali Linux'] : [])];
  return clip(notes.length > 0 ? `${named} (${notes.join(', ')})` : named);
}

/** The same for many calls: a user agent that comes again is not read again. */
export function clientNamer(): (call: { readonly client: string | undefined }) => string {
  const known = new Map<string, string>();
  return ({ client = '' }) => {
    const name = known.get(client) ?? nameClient(client);
    known.set(client, name);
    return name;
  };
}

function nameTool(agent: string): string {
  const [, tool, version] = /\b(Terraform|OpenTofu|Pulumi)\/v?([\d.]+)/i.exec(agent) ?? [];
  if (tool !== undefined) return `${tool} ${short(version ?? '')}`;
  const [, product, number] = /^([^\s/]+)\/v?(\d[\w.-]*)/.exec(agent) ?? [];
  return product === undefined ? agent : `${product} ${short(number ?? '')}`;
}

function nameBrowser(agent: string): string {
  const browser = BROWSERS.find(([sign]) => sign.test(agent))?.[1];
  const system = SYSTEMS.find(([sign]) => sign.test(agent))?.[1];
  if (browser === undefined && system === undefined) return 'browser';
  return `browser (${[browser, system].filter((part) => part !== undefined).join(' on ')})`;
}

function environmentOf(agent: string): string[] {
  const [, said] = /\bexec-env\/([\w.-]+)/i.exec(agent) ?? [];
  if (said === undefined) return [];
  const known = ENVIRONMENTS.find(([form]) => form.test(said));
  return [known ? said.replace(known[0], known[1]) : said];
}

/** `2.17` of `2.17.3`. */
function short(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function clip(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1).toWellFormed()}…`;
}
