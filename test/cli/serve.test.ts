import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Child, freePort, startChild } from '../support/child.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** A bot on free ports; resolves with the address of its page when it is ready. */
async function start(): Promise<{ bot: Child; page: string }> {
  const bot = startChild(['serve', '--port', '0'], { cwd: folder });
  onTestFinished(() => bot.kill());
  await bot.says('send --sample leaked-key');
  const [, page = ''] = /\n {4}(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(bot.output.out) ?? [];
  return { bot, page };
}

/** Resolves when standard error holds the text. */
async function logs(bot: Child, text: string): Promise<void> {
  while (!bot.output.err.includes(text)) {
    if (bot.process.stderr === null) throw new Error('standard error is not read');
    await once(bot.process.stderr, 'data');
  }
}

async function take(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
}

describe('serve', () => {
  it('says where the page is, takes a sample, and stops on SIGTERM with 0 and everything kept', async () => {
    const { bot, page } = await start();
    // What a browser loads first, and what stays open while the page is.
    const script = await fetch(`${page}page/app.ts`);
    expect(script.status).toBe(200);
    await fetch(`${page}client/events?as=U0ALICE01`).catch(() => undefined);
    const sent = await call(['send', '--sample', 'leaked-key'], { folder });
    expect(sent).toMatchObject({ code: 0, err: '' });
    expect(await bot.stop()).toBe(0);
    expect(bot.output.err).not.toContain('ExperimentalWarning');
    for (const line of bot.output.err.trim().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object');
    expect(bot.output.err.trim().split('\n').at(-1)).toContain('"msg":"stopped"');
  });

  it('takes two signals at once for one, as npm passes on what the terminal has sent already', async () => {
    const { bot } = await start();
    bot.process.kill('SIGINT');
    bot.process.kill('SIGINT');
    expect(await bot.stop()).toBe(0);
  });

  it('reads its configuration again on SIGHUP, and on finding a mistake goes on as before', async () => {
    const { bot } = await start();
    bot.process.kill('SIGHUP');
    await logs(bot, 'rules and settings reloaded');
    writeFileSync(join(folder, 'trailbot.yaml'), 'rulez: {}\n');
    bot.process.kill('SIGHUP');
    await logs(bot, 'trailbot.yaml:1:1: unknown key \\"rulez\\"; did you mean \\"rules\\"?');
    await logs(bot, 'nothing was reloaded: the rules and settings from before stay in force');
    expect(await bot.stop()).toBe(0);
  });

  it('says in one sentence that the port of the webhook is taken', async () => {
    const port = await freePort();
    await take(port);
    const result = await call(['serve', '--port', String(port)], { folder });
    expect(result).toEqual({
      code: 2,
      out: '',
      err: `Port ${port} on 127.0.0.1 is taken by another program; stop that one or choose another port with --port.\n`,
    });
  });

  it('says in one sentence that the port of the page is taken', async () => {
    const port = await freePort();
    await take(port + 1);
    const { code, out, err } = await call(['serve', '--port', String(port)], { folder });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      new RegExp(
        `^The local workspace cannot listen on 127.0.0.1:${port + 1}: .* The page takes the port after the webhook's, which --port sets.\n$`,
      ),
    );
  });

  it('says in one sentence that the data folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'taken/trailbot.db'), { recursive: true });
    const says = async (data: string) => {
      const { code, out, err } = await call(['serve', '--port', '0', '--data', data], { folder });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      return err;
    };
    const remedy = 'Give a folder that this user may write with --data, or data_dir in the configuration.\n';
    expect(await says('file')).toBe(
      `The data folder ${join(folder, 'file')} cannot be used: it is a file. ${remedy}`,
    );
    expect(await says('file/in')).toBe(
      `The data folder ${join(folder, 'file/in')} cannot be used: it is a file. ${remedy}`,
    );
    expect(await says('taken')).toMatch(/^The data folder .*taken cannot be used: .*\n$/);
    if (existsSync('/proc/self')) {
      expect(await says('/proc/nowhere')).toBe(
        `The data folder /proc/nowhere cannot be used: it cannot be made there. ${remedy}`,
      );
    }
  });
});

describe('output', () => {
  const shell = (script: string) =>
    promisify(execFile)('sh', ['-c', script], {
      cwd: folder,
      env: { ...process.env, NODE: process.execPath, MAIN },
    });

  it('may be read by somebody who leaves early', async () => {
    const event = JSON.stringify(envelope(record()));
    writeFileSync(join(folder, 'events'), `${event}\n`.repeat(3000));
    const { stdout, stderr } = await shell('"$NODE" "$MAIN" match events | head -n 1');
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });

  it('that cannot be written is a failure, in one sentence', async () => {
    if (!existsSync('/dev/full')) return;
    const failed = shell('"$NODE" "$MAIN" rules list >/dev/full');
    await expect(failed).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^Standard output cannot be written \(ENOSPC.*\); what was .* not complete\.\n$/,
      ),
    });
  });
});

it('Ctrl-C ends a command that waits for input', async () => {
  const child = spawn(process.execPath, [MAIN, 'match'], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  // Rubbish is reported at once: then it runs, and waits for more.
  child.stdin.write('rubbish\n');
  await once(child.stderr, 'data');
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  child.kill('SIGINT');
  expect(await ended).toEqual([1, null]);
  expect(said).toContain('Stopped after 1 record; there may be more in the input.');
});
