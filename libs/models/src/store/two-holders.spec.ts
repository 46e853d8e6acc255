import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';
const TOKENIZER = 'tokenizer.json';
const WAIT_MS_MAX = 10_000;
const MEGABYTE = 1_000_000;

describe('two processes that both hold the lock of one model', () => {
  it('never write into one file: what is trusted in the end is right to the byte', async () => {
    await using bench = await StoreBench.start();
    bench.hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    bench.hub.fail(TOKENIZER, { kind: 'hold', afterBytes: MEGABYTE, until: first.promise });
    bench.hub.fail(TOKENIZER, { kind: 'hold', afterBytes: MEGABYTE / 2, until: second.promise });

    const slow = bench.store().folderOf(B32);
    await partsReach(bench, MEGABYTE);
    rmSync(join(bench.dataDir, 'models/.locks', encodeURIComponent(B32)));
    const faster = bench.store().folderOf(B32);
    await partsReach(bench, 1.5 * MEGABYTE);
    first.resolve();
    await slow.catch(() => undefined);
    second.resolve();

    expect(await faster).toBe(join(bench.dataDir, 'models', encodeURIComponent(B32)));
    expect(await bench.store().verify(B32)).toEqual([]);
    expect(await slow).toBe(await faster);
    expect(readdirSync(join(bench.dataDir, 'models/.partial'))).toEqual([]);
  });
});

async function partsReach(bench: StoreBench, bytes: number): Promise<void> {
  const parts = join(bench.dataDir, 'models/.partial', encodeURIComponent(B32), '.parts');
  await vi.waitFor(() => {
    const names = existsSync(parts) ? readdirSync(parts) : [];
    expect(Math.max(0, ...names.map((name) => statSync(join(parts, name)).size))).toBeGreaterThanOrEqual(bytes);
  }, WAIT_MS_MAX);
}
