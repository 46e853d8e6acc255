import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../support/hub.js';
import { immichRepository, transformersRepository } from '../support/model-repositories.js';
import { runServerToEnd, startServer } from '../support/server.js';
import { call } from './support/http-call.js';

const B32 = 'ViT-B-32::openai';

let hub: HubServer;
let dataDir: string;
beforeEach(async () => {
  hub = await HubServer.start();
  hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
  hub.publish('someone/their-clip', immichRepository());
  dataDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const env = (more: Record<string, string> = {}) => ({ CAS_HUB_URL: hub.url, CAS_DATA_DIR: dataDir, ...more });

describe('starting with a model of the catalogue', () => {
  it('downloads it, logs how that goes, and serves it', async () => {
    await using server = await startServer({ env: env(), args: ['--model', B32] });

    expect(server.text()).toContain(`Downloading ${B32} from Xenova/clip-vit-base-patch32`);
    expect(await dimensionOf(server.http('/v1/embeddings'))).toBe(3);
    expect(existsSync(join(dataDir, 'models', encodeURIComponent(B32), 'manifest.json'))).toBe(true);
  });

  it('starts offline with what an earlier start downloaded', async () => {
    await (await startServer({ env: env(), args: ['--model', B32] })).stop();
    const asked = hub.requests.length;
    await using server = await startServer({ env: env({ CAS_OFFLINE: 'true' }), args: ['--model', B32] });

    expect(await dimensionOf(server.http('/v1/embeddings'))).toBe(3);
    expect(hub.requests).toHaveLength(asked);
  });

  it('serves any repository of the hub in a known layout', async () => {
    await using server = await startServer({ env: env(), args: ['--model', 'hub:someone/their-clip'] });

    expect(await dimensionOf(server.http('/v1/embeddings'))).toBe(3);
  });

  it('ends with a sentence when there is no such model', async () => {
    const { code, text } = await runServerToEnd({ env: env(), args: ['--model', 'ViT-B-32::nobody'] });

    expect(code).not.toBe(0);
    expect(text).toContain('There is no model');
    expect(text).toContain(B32);
  });
});

async function dimensionOf(url: string): Promise<number> {
  const answer = await call(url, {
    body: JSON.stringify({ input: 'a cat' }),
    headers: { 'content-type': 'application/json' },
  });
  const { data } = answer.json<{ data: { embedding: number[] }[] }>();
  return data[0]?.embedding.length ?? 0;
}
