import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { makeServerCertificate } from '../../../../test/support/certificates.js';
import { transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';
const TOKENIZER = 'tokenizer.json';

async function benchWith(): Promise<StoreBench> {
  const bench = await StoreBench.start();
  bench.hub.publish(B32_REPOSITORY, transformersRepository());
  return bench;
}

describe('a hub that refuses', () => {
  it('a token that is wrong or has expired is not taken for a model that is private', async () => {
    await using bench = await benchWith();
    const headers = { 'x-error-message': 'Invalid credentials in Authorization header' };
    bench.hub.fail(B32_REPOSITORY, { kind: 'status', status: 401, headers });

    await expect(bench.store({ hubToken: 'hf_expired' }).folderOf(B32)).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringMatching(/^The hub refuses CAS_HUB_TOKEN/),
    });
  });

  it('a name that it does not have is told as such, with a token too', async () => {
    await using bench = await benchWith();

    for (const hubToken of [undefined, 'hf_right']) {
      await expect(bench.store({ hubToken }).folderOf('hub:no/such')).rejects.toMatchObject({
        code: 'permission_denied',
        message: expect.stringMatching(/^The hub does not have this model/),
      });
    }
  });

  it('an account that has not accepted the terms is told to', async () => {
    await using bench = await benchWith();
    bench.hub.fail(B32_REPOSITORY, { kind: 'status', status: 403 });

    await expect(bench.store({ hubToken: 'hf_right' }).folderOf(B32)).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('accepted its terms'),
    });
  });

  it('through another host, such as a firewall, says which host it was and nothing of terms', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'status', status: 403 });

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/tokenizer\.json.* 127\.0\.0\.1:\d+.*HTTP 403/),
    });
  });
});

describe('a hub that is not reached', () => {
  const servers: Server[] = [];
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const server of servers.splice(0)) server.close();
  });

  async function portOf(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  it('is named with the reason, already before the second attempt', async () => {
    await using bench = await benchWith();
    const store = bench.store({ hubUrl: 'http://hub.invalid' });

    await expect(store.folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/hub\.invalid could not be reached \((ENOTFOUND|EAI_AGAIN)\)/),
    });
    expect(bench.events.find((event) => event.kind === 'retry')?.reason).toContain('hub.invalid');
  });

  it('since its certificate is not trusted is not asked again, and the setting that helps is named', async () => {
    await using bench = await benchWith();
    const files = makeServerCertificate();
    const [cert, key] = [files.certificateFile, files.keyFile].map((file) => readFileSync(file));
    files.remove();
    const port = await portOf(createTlsServer({ cert, key }));
    const store = bench.store({ hubUrl: `https://127.0.0.1:${port}` });

    await expect(store.folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/certificate of 127\.0\.0\.1:\d+ .*NODE_EXTRA_CA_CERTS/),
    });
    expect(bench.retriesAfterS).toEqual([]);
  });

  it.each(['http', 'https'])('since the proxy wants a login is not asked again, over %s', async (protocol) => {
    await using bench = await benchWith();
    const proxy = createServer((_, res) => res.writeHead(407).end());
    proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const url = `http://127.0.0.1:${await portOf(proxy)}`;
    for (const name of ['http_proxy', 'https_proxy']) vi.stubEnv(name, url);
    vi.stubEnv('no_proxy', '');

    await expect(bench.store({ hubUrl: `${protocol}://hub.invalid` }).folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/proxy .*407/),
    });
    expect(bench.retriesAfterS).toEqual([]);
  });
});
