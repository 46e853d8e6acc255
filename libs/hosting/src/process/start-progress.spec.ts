import { describe, expect, it } from 'vitest';
import { StartProgress } from './start-progress.js';

describe('the progress of a start', () => {
  it('names each step, a download with how much of it has come, until it has finished for good', () => {
    const progress = new StartProgress();
    const steps: unknown[] = [];
    const note = () => steps.push(progress.now());
    note();
    progress.loadModels();
    note();
    progress.onStoreEvent({ kind: 'progress', model: 'large', bytesDone: 1, bytes: 3 });
    note();
    progress.onStoreEvent({ kind: 'evicted', model: 'old', bytes: 1, wasWhole: true });
    note();
    progress.onStoreEvent({ kind: 'done', model: 'large', bytes: 3, tookMs: 1 });
    note();
    progress.finish();
    progress.onStoreEvent({ kind: 'waiting', model: 'later' });
    note();
    expect(steps).toEqual([
      { finished: false, step: 'opening the ports and the database' },
      { finished: false, step: 'loading the model' },
      { finished: false, step: 'downloading large, 33 % of it are here' },
      { finished: false, step: 'downloading large, 33 % of it are here' },
      { finished: false, step: 'loading the model' },
      { finished: true },
    ]);
  });
});
