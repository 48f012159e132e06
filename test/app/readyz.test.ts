import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startBot } from '../support/bot.ts';
import { envelope, record } from '../support/records.ts';

describe('/readyz', () => {
  it('is 503 with a sentence while nothing can be written, and events are refused with 503', async () => {
    const bot = await startBot();
    expect((await fetch(`${bot.app.url}/readyz`)).status).toBe(200);
    const other = new DatabaseSync(join(bot.folder, 'trailbot.db'));
    other.exec(`create trigger full_1 before insert on counters begin select raise(abort, 'disk full'); end`);
    other.exec(`create trigger full_2 before insert on records begin select raise(abort, 'disk full'); end`);
    const ready = await fetch(`${bot.app.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('Nothing can be written');
    const answer = await bot.post(envelope(record()));
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    other.exec('drop trigger full_1; drop trigger full_2');
    other.close();
    expect((await bot.post(envelope(record()))).status).toBe(200);
    expect((await fetch(`${bot.app.url}/readyz`)).status).toBe(200);
  });
});
