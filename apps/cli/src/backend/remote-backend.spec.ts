import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit, exportAudit } from '#audit';
import { Database } from '#database';
import { linesIn } from '../text-lines.js';
import { AdminClient } from './admin-client.js';
import { RemoteBackend } from './remote-backend.js';

const EVENTS = 3;
const actor = { kind: 'host', id: 'ann', name: 'ann@host', from: null } as const;

let lines: string[];
let server: Server;
let asked: string[];
let breaksOff: boolean;

/** A real trail of three events, served line by line at the address of the export. */
beforeEach(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cas-trail-'));
  const database = await Database.open({ dataDir });
  for (let at = 1; at <= EVENTS; at += 1) {
    const change = { actor, action: 'token.create', target: { kind: 'token', id: `${at}`, name: 'zoë' } };
    await database.transaction((manager) => appendAudit(manager, change, at));
  }
  lines = [];
  for await (const line of exportAudit(database)) lines.push(line);
  await database.close();
  rmSync(dataDir, { recursive: true });
  asked = [];
  breaksOff = false;
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url} ${req.headers.authorization}`);
    res.setHeader('content-type', 'application/x-ndjson');
    for (const byte of Buffer.from(lines.join(''))) res.write(Buffer.of(byte));
    if (breaksOff) req.socket.end();
    else res.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

function backend(): RemoteBackend {
  const { port } = server.address() as AddressInfo;
  return new RemoteBackend(AdminClient.withToken(`http://127.0.0.1:${port}`, 'a-token'));
}

describe('the trail of an admin API', () => {
  it('comes as the server has it, with the span in the query', async () => {
    const found: string[] = [];
    for await (const line of linesIn(backend().exportAudit({ fromMs: 0, toMs: 1_000 }))) found.push(`${line}\n`);
    expect(found).toEqual(lines);
    const query = 'from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A01.000Z';
    expect(asked).toEqual([`GET /api/audit/export?${query} Bearer a-token`]);
  });

  it('is not taken for whole when the connection closes before its end', async () => {
    breaksOff = true;
    const text = /^http:\/\/127\.0\.0\.1:\d+ closed the connection before the whole audit trail had come/;
    await expect(backend().verifyAudit()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(text),
    });
  });

  it('is checked on this side', async () => {
    expect(await backend().verifyAudit()).toMatchObject({ ok: true, events: EVENTS, head: { seq: EVENTS } });
    lines[1] = lines[1]?.replace('token.create', 'token.revoke') ?? '';
    expect(await backend().verifyAudit()).toMatchObject({ ok: false, seq: 2 });
  });

  it('is not whole without its beginning, or without the event that was noted', async () => {
    const expected = { seq: EVENTS, hash: String(JSON.parse(lines[EVENTS - 1] ?? '').hash) };
    expect(await backend().verifyAudit(expected)).toMatchObject({ ok: true });
    lines.pop();
    expect(await backend().verifyAudit(expected)).toMatchObject({ ok: false, seq: EVENTS });
    lines.shift();
    expect(await backend().verifyAudit()).toMatchObject({ ok: false, seq: 1 });
  });
});
