import type { RunningServer } from '../../support/server.js';
import { embeddings } from '../callers/http.js';
import { MODALITIES } from '../cases.js';
import { contentsOf, groups } from '../contents.js';

const SIZES = [1, 2, 4, 8, 16, 32];
/** A size that was not warmed up costs a search of kernels, which is far more than the jitter of a first call. */
const SLOWER_MAX = 5;
const JITTER_MS = 50;

/**
 * The first call of each batch size must not be much slower than the second: the server is ready only when it is warm.
 */
export async function firstCalls({ port }: RunningServer): Promise<string> {
  const times: string[] = [];
  for (const modality of MODALITIES) {
    const contents = await contentsOf({ modality, lengths: 'even' });
    for (const size of SIZES) {
      const client = await embeddings({ modality, lists: groups(contents, size, 2) })(port);
      const firstMs = await timed(() => client.call());
      const secondMs = await timed(() => client.call());
      client.close();
      if (firstMs > SLOWER_MAX * secondMs + JITTER_MS) {
        throw new Error(
          `the first ${size} ${modality}s took ${firstMs.toFixed(0)} ms, the next ${secondMs.toFixed(0)} ms`,
        );
      }
      times.push(`${size} ${modality}: ${firstMs.toFixed(0)}/${secondMs.toFixed(0)}`);
    }
  }
  return `first/second call in ms: ${times.join(', ')}`;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}
