import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { mintToken } from '#auth';
import { runCommandLine } from './run-command-line.js';
import type { Surroundings } from './surroundings.js';

const server = createServer((_req, res) => {
  res.writeHead(409, { 'content-type': 'application/json' });
  const message = 'taken\u001b]0;owned\u0007\u009b2J by\u202eeve';
  res.end(JSON.stringify({ error: { code: 'conflict', message } }));
});

afterEach(() => void server.close());

describe('runCommandLine', () => {
  it("lets nothing of a server's failure move the cursor or hide text", async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    const env = { CAS_CLI_TOKEN: mintToken().token, HOME: '/nonexistent' };
    const surroundings = { env, cwd: process.cwd(), ...streams } as unknown as Surroundings;
    await runCommandLine(['auth', 'token', 'list', '--url', url], surroundings);
    streams.stderr.end();
    const said = await text(streams.stderr);
    expect(said).toContain('taken');
    expect(said.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
