import { layOut } from './layout.js';

/** What a map is made of, as the page sends it. */
export interface LayoutJob {
  readonly vectors: readonly Float32Array[];
  readonly kinds: readonly string[];
}

/** How many rounds go by between two pictures of the places. */
const ROUNDS_SHOWN_EVERY = 4;

self.addEventListener('message', ({ data }: MessageEvent<LayoutJob>) => {
  void settle(data);
});

/** Posts the places as they settle; the pauses let the page draw them. */
async function settle({ vectors, kinds }: LayoutJob): Promise<void> {
  let round = 0;
  for (const places of layOut(vectors, kinds)) {
    if (round++ % ROUNDS_SHOWN_EVERY !== 0) continue;
    self.postMessage(places);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
}
