import type { RunningServer } from '../../support/server.js';
import type { BareLoop, BareOrder, BareResult } from '../bare.js';
import { benchCases, MODALITIES, type Modality } from '../cases.js';
import { figuresOf, type Figures } from '../figures.js';
import { HelperProcess } from '../helper-process.js';
import type { LoadOrder, LoadResult } from '../load.js';
import { spanOf, useOver } from '../server-reading.js';
import type { GpuBenchOptions } from './options.js';

/** What a loop without a service makes on the device. */
export interface BareRate {
  readonly modality: Modality;
  readonly loop: BareLoop;
  readonly batch: number;
  readonly result: BareResult;
}

const BATCHES = [1, 2, 4, 8, 16, 32];

/** TensorRT would build the engines of plain files anew for `session`; libs/clip takes the prepared ones. */
function loopsOn(device: string): BareLoop[] {
  return device.startsWith('tensorrt') ? ['in process'] : ['session', 'in process'];
}

/** Every batch size in a process of its own, with nothing else on the card. */
export async function bareRates(
  { model: { folder }, device, runMs }: GpuBenchOptions,
  computeCapability: string | undefined,
): Promise<BareRate[]> {
  await using bare = new HelperProcess<BareOrder, BareResult>('bare-loop.ts');
  const found: BareRate[] = [];
  const place = { device, computeCapability };
  for (const modality of MODALITIES) {
    for (const loop of loopsOn(device)) {
      for (const batch of BATCHES) {
        const order = { folder, loop, modality, lengths: 'even', batch, spins: false, place, runMs } as const;
        const result = await bare.run(order);
        found.push({ modality, loop, batch, result });
        console.log(`${modality}, ${loop}, batch ${batch}: ${result.itemsPerSecond.toFixed(0)} items/s`);
      }
    }
  }
  return found;
}

/** The benchmark's loads over our gRPC, unary calls and streams. */
export async function serverRates(server: RunningServer, options: GpuBenchOptions): Promise<Figures[]> {
  await using generator = new HelperProcess<LoadOrder, LoadResult>('load-generator.ts');
  const { warmUpMs, runMs, repeats, model } = options;
  const wanted = benchCases(model.name, false).filter(({ protocol }) => ['clip.v1', 'EncodeStream'].includes(protocol));
  const found: Figures[] = [];
  for (const benchCase of wanted) {
    const order = { kind: 'closed', port: server.port, load: benchCase, warmUpMs, runMs } as const;
    const [results, span] = await spanOf(server, async () => {
      const runs: LoadResult[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) runs.push(await generator.run(order));
      return runs;
    });
    const figures = figuresOf({ benchCase, results, bare: [], server: useOver([span]) });
    found.push(figures);
    console.log(`${benchCase.name}: ${figures.itemsPerSecond.toFixed(0)} items/s, p99 ${figures.p99Ms} ms`);
  }
  return found;
}
