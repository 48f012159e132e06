import { stringify } from 'yaml';
import { usesOf } from '../app/uses.ts';
import { Misuse } from '../kernel/problem.ts';
import { manifest } from '../slack/manifest.ts';
import { draftSettings, readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** Prints what to paste at api.slack.com → Create New App → From a manifest. */
export function printManifest(
  terminal: Terminal,
  options: { url?: string; config?: string; json?: boolean; socket?: boolean },
): number {
  const { config } = draftSettings(terminal, options.config);
  const made = manifest(options.socket ? undefined : addressOf(terminal, options), usesOf(config));
  terminal.out(options.json ? `${JSON.stringify(made, null, 2)}\n` : stringify(made, { lineWidth: 0 }));
  return EXIT.fine;
}

function addressOf(terminal: Terminal, options: { url?: string; config?: string }): string {
  const url = options.url ?? readSettings(terminal, options.config).config.publicUrl;
  if (url !== undefined && URL.canParse(url) && /^https:\/\/[^\s"<>]+$/.test(url)) {
    return url.replace(/\/+$/, '');
  }
  const given = url === undefined ? '' : ` ${url} will not do.`;
  throw new Misuse(
    `Slack must reach the bot over https.${given} Give --url https://trailbot.example.com, or public_url in the configuration, or --socket for Socket Mode.`,
  );
}
