import { describe, expect, it } from 'vitest';
import type { ItemSource } from './encode-port.js';
import { EncodeService } from './encode.service.js';
import { ImageFetcher } from './fetch/image-fetcher.js';
import { RankService } from './rank.service.js';
import { buildContext, buildModel, buildTiming, SamplePool } from './testing/sample-pool.js';

const text = (content: string): ItemSource => ({ kind: 'text', text: content });
const texts = (...contents: string[]) => contents.map(text);
const code = (expected: string) => expect.objectContaining({ code: expected });

function buildService(pool = new SamplePool()) {
  const fetcher = new ImageFetcher({ allowPrivate: false, bytesMax: 1000, timeoutMs: 1000, concurrencyMax: 4 });
  return new RankService({ encoder: new EncodeService({ registry: pool, fetcher }) });
}

describe('RankService', () => {
  it('puts the nearest first, with the cosine and a softmax that sums to 1', async () => {
    const service = buildService(new SamplePool(buildModel({ logitScale: 1 })));
    const answer = await service.rank({ query: text('0'), candidates: texts('90', '0', '60') }, buildContext());
    expect(answer.results.map(({ index }) => index)).toEqual([1, 2, 0]);
    expect(answer.results.map(({ cosine }) => cosine.toFixed(3))).toEqual(['1.000', '0.500', '0.000']);
    const sum = Math.exp(1) + Math.exp(0.5) + 1;
    expect(answer.results[0]?.score).toBeCloseTo(Math.exp(1) / sum, 6);
    expect(answer.results.reduce((total, { score }) => total + score, 0)).toBeCloseTo(1, 6);
    expect(answer.errors).toEqual([]);
  });

  it('keeps the order of equals', async () => {
    const answer = await buildService().rank({ query: text('0'), candidates: texts('5', '5', '5') }, buildContext());
    expect(answer.results.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('keeps the order of cosines where the softmax can tell no more', async () => {
    const service = buildService(new SamplePool(buildModel({ logitScale: 1e6 })));
    const answer = await service.rank({ query: text('0'), candidates: texts('80', '70', '0') }, buildContext());
    expect(answer.results.map(({ index }) => index)).toEqual([2, 1, 0]);
  });

  it('lets a bad candidate fail alone', async () => {
    const candidates = [text('90'), text(''), { kind: 'uri', uri: 'file:///etc/passwd' } as const, text('0')];
    const answer = await buildService().rank({ query: text('0'), candidates }, buildContext());
    expect(answer.results.map(({ index }) => index)).toEqual([3, 0]);
    expect(answer.errors.map(({ index, error }) => [index, error.code])).toEqual([
      [1, 'item_empty'],
      [2, 'fetch_refused'],
    ]);
  });

  it('answers with errors only when every candidate is bad', async () => {
    const answer = await buildService().rank({ query: text('0'), candidates: texts('') }, buildContext());
    expect(answer.results).toEqual([]);
    expect(answer.errors).toHaveLength(1);
  });

  it('fails with the error of a bad query, and says that it is the query', async () => {
    const ranked = buildService().rank({ query: text(''), candidates: texts('1') }, buildContext());
    await expect(ranked).rejects.toThrow(code('item_empty'));
    await expect(ranked).rejects.toThrow('query');
  });

  it('refuses to rank nothing', async () => {
    const ranked = buildService().rank({ query: text('1'), candidates: [] }, buildContext());
    await expect(ranked).rejects.toThrow(code('rank_without_matches'));
  });

  it('rejects for an unknown model', async () => {
    const ranked = buildService().rank({ model: 'other', query: text('1'), candidates: texts('1') }, buildContext());
    await expect(ranked).rejects.toThrow(code('model_unknown'));
  });

  it('tells the timing of the slowest item', async () => {
    const pool = new SamplePool(buildModel(), (content) => buildTiming({ queueMs: 1, runMs: Number(content) }));
    const answer = await buildService(pool).rank({ query: text('3'), candidates: texts('9', '4') }, buildContext());
    expect(answer.timing.runMs).toBe(9);
  });
});
