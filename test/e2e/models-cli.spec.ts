import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../support/hub.js';
import { immichRepository, transformersRepository } from '../support/model-repositories.js';
import { repositoryRoot } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';
import { eventually } from './support/server-process.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';
const TOKENIZER = 'tokenizer.json';

let hub: HubServer;
let cas: CasCommand;
beforeEach(async () => {
  hub = await HubServer.start();
  hub.publish(B32_REPOSITORY, transformersRepository());
  hub.publish('immich-app/RN50__openai', immichRepository());
  cas = new CasCommand({ CAS_HUB_URL: hub.url });
});
afterEach(async () => {
  cas[Symbol.dispose]();
  await hub[Symbol.asyncDispose]();
});

const folderOfModel = (): string => join(cas.dataDir, 'models', encodeURIComponent(B32));

describe('cas models pull', () => {
  it('downloads a model and tells how it goes on stderr, its folder on stdout', async () => {
    const { code, stdout, stderr } = await cas.run(['models', 'pull', 'ViT-B/32']);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `ViT-B/32 is in ${folderOfModel()}\n` });
    expect(stderr).toMatch(/^Downloading ViT-B-32::openai from Xenova\/clip-vit-base-patch32: 6 files, [\d.]+ MB$/m);
    expect(stderr).toMatch(/^Downloaded ViT-B-32::openai: [\d.]+ MB in \d+ s, digests right$/m);
  });

  it('does nothing the second time', async () => {
    await cas.json(['models', 'pull', B32]);
    const asked = hub.requests.length;

    expect(await cas.json(['models', 'pull', B32])).toEqual({ models: [{ model: B32, folder: folderOfModel() }] });
    expect(hub.requests).toHaveLength(asked);
  });

  it('goes on where a killed process stopped', async () => {
    hub.fail(TOKENIZER, { kind: 'stall', afterBytes: 2_000_000 });
    const parts = join(cas.dataDir, 'models/.partial', encodeURIComponent(B32), '.parts');
    const killed = spawnPull();
    await eventually('a part of the file is there', () => sizeOfFiles(parts) >= 2_000_000);
    killed.kill('SIGKILL');
    await cas.json(['models', 'pull', B32]);

    const [, second] = hub.requests.filter(({ host, path }) => host === 'cdn' && path.endsWith(TOKENIZER));
    expect(second?.range).toBe('bytes=2000000-');
    expect((await cas.run(['models', 'verify'])).stdout).toBe(`${B32}: whole and right\n`);
  });

  it('downloads once when two processes want the same model', async () => {
    await Promise.all([cas.json(['models', 'pull', B32]), cas.json(['models', 'pull', B32])]);

    expect(hub.requests.filter(({ path }) => path.endsWith('config.json') && path.includes('/resolve/'))).toHaveLength(
      3,
    );
  });

  it('goes through the proxy of the environment', async () => {
    await using proxy = await startProxy();
    await cas.json(['models', 'pull', B32], { env: { HTTP_PROXY: proxy.url } });

    expect(proxy.targets.size).toBeGreaterThan(0);
    expect(existsSync(folderOfModel())).toBe(true);
  });

  it('needs the token for a gated model, and never repeats it', async () => {
    hub.gated.set(B32_REPOSITORY, 'hf_right');

    expect(await cas.failure(['models', 'pull', B32])).toMatchObject({
      code: 3,
      said: expect.stringContaining('CAS_HUB_TOKEN'),
    });
    const wrong = await cas.failure(['models', 'pull', B32], { env: { CAS_HUB_TOKEN: 'hf_wrong_secret' } });
    expect(wrong.said).not.toContain('hf_wrong_secret');
    await cas.json(['models', 'pull', B32], { env: { CAS_HUB_TOKEN: 'hf_right' } });
  });

  it('fails with a sentence for a name that nobody has, and offline', async () => {
    expect(await cas.failure(['models', 'pull', 'ViT-B-32::nobody'])).toMatchObject({
      code: 1,
      said: expect.stringContaining(B32),
    });
    expect(await cas.failure(['models', 'pull', B32], { env: { CAS_OFFLINE: 'true' } })).toMatchObject({
      code: 5,
      said: expect.stringContaining('CAS_OFFLINE'),
    });
  });
});

describe('cas models list', () => {
  it('shows what is here first, and the catalogue', async () => {
    await cas.json(['models', 'pull', B32]);
    const { models } = (await cas.json(['models', 'list'])) as { models: Record<string, unknown>[] };

    expect(models.slice(0, 2)).toMatchObject([
      { name: 'mini-clip', place: 'folder', dimension: 512, imageSize: 224 },
      { name: B32, place: 'cache', licence: 'MIT', repository: B32_REPOSITORY, checked: 'read' },
    ]);
    expect(models.filter(({ name }) => name === B32)).toHaveLength(1);
    expect(models.length).toBeGreaterThan(60);
  });

  it('shows only what is here when asked', async () => {
    const { stdout } = await cas.run(['models', 'list', '--here']);

    expect(stdout).toMatch(/^NAME +HERE +SIZE/);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });
});

describe('cas models verify', () => {
  it('finds what is damaged, by a status that scripts see, and a pull mends it', async () => {
    await cas.json(['models', 'pull', B32]);
    const file = join(folderOfModel(), 'config.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('clip', 'clop'));
    const { code, stdout } = await cas.run(['models', 'verify', B32]);

    expect(code).toBe(1);
    expect(stdout).toContain('config.json: has another content');
    await cas.json(['models', 'pull', B32]);
    expect(await cas.run(['models', 'verify'])).toMatchObject({ code: 0, stdout: `${B32}: whole and right\n` });
  });
});

describe('cas models rm', () => {
  it('deletes a downloaded model, and says when there is none', async () => {
    await cas.json(['models', 'pull', B32]);

    expect(await cas.json(['models', 'rm', B32])).toEqual({ removed: [B32] });
    expect(existsSync(folderOfModel())).toBe(false);
    expect((await cas.failure(['models', 'rm', B32])).code).toBe(1);
  });

  it('deletes what a download left that broke off, which the list shows', async () => {
    hub.fail(TOKENIZER, { kind: 'status', status: 404 });
    expect((await cas.failure(['models', 'pull', B32])).code).toBe(1);

    expect((await cas.run(['models', 'list', '--here'])).stdout).toMatch(/^ViT-B-32::openai +partial /m);
    expect(await cas.json(['models', 'rm', B32])).toEqual({ removed: [B32] });
    expect(readdirSync(join(cas.dataDir, 'models/.partial'))).toEqual([]);
  });

  it('works on this host only', async () => {
    expect((await cas.failure(['models', 'rm', B32, '--url', 'http://127.0.0.1:1'])).code).toBe(2);
  });
});

function spawnPull(): ReturnType<typeof spawn> {
  const entry = join(repositoryRoot, 'dist/apps/cli/src/main.js');
  return spawn(process.execPath, [entry, 'models', 'pull', B32], {
    cwd: cas.folder,
    env: { PATH: process.env['PATH'], CAS_HUB_URL: hub.url },
    stdio: 'ignore',
  });
}

function sizeOfFiles(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
}

/** An HTTP proxy that notes where it was sent. */
async function startProxy(): Promise<AsyncDisposable & { url: string; targets: Set<string> }> {
  const targets = new Set<string>();
  const server = createServer((req, res) => {
    targets.add(new URL(req.url ?? '').host);
    const forward = request(req.url ?? '', { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    req.pipe(forward);
  });
  server.on('connect', (req, socket) => {
    targets.add(req.url ?? '');
    const [host = '', port] = (req.url ?? '').split(':');
    const forward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      forward.pipe(socket).pipe(forward);
    });
    forward.on('error', () => socket.destroy());
    socket.on('error', () => forward.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    targets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
