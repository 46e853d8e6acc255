import { expect, it } from 'vitest';
import type { CatalogueModel, Pull } from '../queries.js';
import { progressOf } from './pull-progress.js';

const pull = (more: Partial<Pull>) =>
  ({ state: 'downloading', bytesDone: 0, bytes: null, bytesPerSecond: null, endedAtMs: null, ...more }) as Pull;
const model = (...pulls: Pull[]) =>
  ({ pods: pulls.map((each) => ({ pull: each })) }) as unknown as Pick<CatalogueModel, 'pods'>;

it('tells bytes of bytes, the rate and what is left, all pods together', () => {
  const one = pull({ bytesDone: 40e6, bytes: 100e6, bytesPerSecond: 10e6 });
  expect(progressOf(model(one))).toEqual({
    ...{ bytesDone: 40e6, bytes: 100e6 },
    text: 'Downloading 40 MB of 100 MB · 10 MB/s · 6 s left',
  });
  expect(progressOf(model(one, one))).toMatchObject({
    ...{ bytesDone: 80e6, bytes: 200e6 },
    text: '2 pods · Downloading 80 MB of 200 MB · 20 MB/s · 6 s left',
  });
});

it('tells no figures that are not known, and nothing of downloads that have ended', () => {
  expect(progressOf(model(pull({ state: 'waiting' })))).toEqual({ bytesDone: 0, bytes: null, text: 'Waiting' });
  expect(progressOf(model(pull({ endedAtMs: 5, state: 'ready' })))).toBeUndefined();
});
