import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '#core';
import { immichRepository, transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';
import { Pulls } from './pulls.js';
import { TransferRate } from './transfer-rate.js';
import { Verifications } from './verifications.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';
const RN50 = 'RN50::openai';
/** By far the largest file of both repositories. */
const TOKENIZER = 'tokenizer.json';

/** Waits for a thing itself, on a slow machine, too. */
const until = <T>(look: () => T) => vi.waitUntil(look, { timeout: 20_000 });

/** A pod's store with the pulls that watch it. */
async function aPod() {
  const bench = await StoreBench.start();
  bench.hub.publish(B32_REPOSITORY, transformersRepository());
  bench.hub.publish('immich-app/RN50__openai', immichRepository());
  const released: string[] = [];
  const clock = new ManualClock();
  const store = bench.store({ observe: (event) => pulls.onStoreEvent(event) });
  const pulls: Pulls = new Pulls({ store, clock, release: async (model) => void released.push(model) });
  const ended = (model: string) =>
    until(() => pulls.list().find((pull) => pull.model === model && pull.endedAtMs !== null));
  return { bench, store, pulls, released, ended, clock, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

/** Holds the rest of a file back until `open` is called. */
function gate() {
  let open = (): void => undefined;
  const until = new Promise<void>((resolve) => (open = resolve));
  return { until, open };
}

it('downloads what is asked for, tells how many of how many bytes are here, and lets the files go to whoever serves', async () => {
  await using pod = await aPod();
  const held = gate();
  pod.bench.hub.fail(TOKENIZER, { kind: 'hold', afterBytes: 1_500_000, until: held.until });
  expect(await pod.pulls.start('ViT-B/32')).toMatchObject({ model: B32, state: 'waiting', bytes: null, isAsked: true });
  const half = await until(() => pod.pulls.list().find(({ bytesDone }) => bytesDone >= 1_500_000));
  expect(half).toMatchObject({ state: 'downloading', text: expect.stringContaining(B32_REPOSITORY) });
  expect(half.bytesDone).toBeLessThan(half.bytes ?? 0);
  held.open();
  expect(await pod.ended(B32)).toMatchObject({ state: 'ready', bytesDone: half.bytes });
  await until(() => pod.released.length > 0);
  expect(pod.released).toEqual([B32]);
});

it('makes one download of two that ask for the same model', async () => {
  await using pod = await aPod();
  const held = gate();
  pod.bench.hub.fail(TOKENIZER, { kind: 'hold', afterBytes: 1_500_000, until: held.until });
  await Promise.all([pod.pulls.start(B32), pod.pulls.start('ViT-B-32')]);
  expect(pod.pulls.list()).toHaveLength(1);
  held.open();
  await pod.ended(B32);
  const fetched = pod.bench.hub.downloads.filter(({ host, path }) => host === 'cdn' && path.endsWith(TOKENIZER));
  expect(fetched).toHaveLength(1);
});

it('ends when it is cancelled, and goes on from there the next time', async () => {
  await using pod = await aPod();
  const held = gate();
  pod.bench.hub.fail(TOKENIZER, { kind: 'hold', afterBytes: 1_500_000, until: held.until });
  await pod.pulls.start(B32);
  await until(() => pod.pulls.list()[0]?.bytesDone);
  pod.pulls.cancel(B32);
  expect(await pod.ended(B32)).toMatchObject({
    state: 'cancelled',
    text: 'It was cancelled. What has arrived is kept.',
  });
  expect(() => pod.pulls.cancel(B32)).toThrow(expect.objectContaining({ code: 'not_found' }));
  held.open();
  await pod.pulls.start(B32);
  await until(() => pod.pulls.list()[0]?.state === 'ready');
  expect(pod.pulls.list()).toHaveLength(1);
});

it('says why it failed and what to do', async () => {
  await using pod = await aPod();
  pod.bench.hub.gated.set(B32_REPOSITORY, 'secret');
  await pod.pulls.start(B32);
  expect(await pod.ended(B32)).toMatchObject({ state: 'failed', text: expect.stringContaining('CAS_HUB_TOKEN') });
  await expect(pod.pulls.start('ViT-B-33')).rejects.toMatchObject({ code: 'invalid_argument' });
  expect(pod.pulls.list()).toHaveLength(1);
});

it('shows downloads of models that are about to be served, which only a roll back ends', async () => {
  await using pod = await aPod();
  const held = gate();
  pod.bench.hub.fail('textual/tokenizer.json', { kind: 'hold', afterBytes: 1_500_000, until: held.until });
  const served = pod.store.folderOf(RN50);
  await until(() => pod.pulls.list()[0]?.bytesDone);
  expect(pod.pulls.list()[0]).toMatchObject({ model: RN50, state: 'downloading', isAsked: false });
  expect(() => pod.pulls.cancel(RN50)).toThrow(expect.objectContaining({ code: 'conflict' }));
  held.open();
  await served;
  expect(pod.pulls.list()).toEqual([
    expect.objectContaining({ model: RN50, state: 'ready', endedAtMs: expect.any(Number) }),
  ]);
});

it('is mended where a file has changed since it was downloaded, which a verification tells', async () => {
  await using pod = await aPod();
  const verifications = new Verifications(pod);
  await pod.pulls.start(B32);
  await pod.ended(B32);
  const folder = (await pod.store.find(B32))?.folder ?? '';
  const verified = async () => {
    await verifications.start(B32);
    return until(() => verifications.list().find(({ state }) => state !== 'running'));
  };
  expect(await verified()).toMatchObject({ model: B32, state: 'whole', problems: [] });
  const config = join(folder, 'config.json');
  writeFileSync(config, readFileSync(config).fill(' '));
  const problems = [{ path: 'config.json', problem: 'content' }];
  expect(await verified()).toMatchObject({
    state: 'damaged',
    problems,
    text: expect.stringContaining('Pull the model again'),
  });
  await pod.pulls.start(B32);
  await until(() => pod.pulls.list()[0]?.state === 'ready');
  expect(await verified()).toMatchObject({ state: 'whole' });
  await expect(verifications.start(RN50)).rejects.toMatchObject({ code: 'not_found' });
});

it('measures what came over the last five seconds', () => {
  const clock = new ManualClock();
  const rate = new TransferRate(clock);
  expect(rate.perSecond()).toBeNull();
  for (let second = 0; second <= 20; second += 1) {
    rate.observe(second < 10 ? 0 : (second - 10) * 2_000_000);
    clock.advance(1_000);
  }
  expect(rate.perSecond()).toBeGreaterThan(1_500_000);
  clock.advance(60_000);
  expect(rate.perSecond()).toBeLessThan(200_000);
});
