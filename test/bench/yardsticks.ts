import type { BareLoop, BareOrder, BareResult } from './bare.js';
import { BARE_BATCHES, MODALITIES, type Modality } from './cases.js';
import type { HelperProcess } from './helper-process.js';
import type { BenchModel } from './options.js';

/** A loop without a service, for the table of them. */
export interface Yardstick {
  readonly model: string;
  readonly modality: Modality;
  readonly loop: BareLoop;
  readonly batch: number;
  readonly spins: boolean;
  readonly result: BareResult;
}

const LOOPS: Readonly<Record<Modality, readonly BareLoop[]>> = {
  text: ['session', 'in process'],
  image: ['session', 'decoded', 'in process'],
};

/** Every loop at every batch, with nothing else running; each with the way of waiting that was the faster one. */
export async function measureYardsticks(
  { name: model, folder }: BenchModel,
  bare: HelperProcess<BareOrder, BareResult>,
  runMs: number,
): Promise<Yardstick[]> {
  const found: Yardstick[] = [];
  for (const modality of MODALITIES) {
    for (const loop of LOOPS[modality]) {
      for (const batch of BARE_BATCHES) {
        const order = { folder, loop, modality, lengths: 'even', batch, runMs } as const;
        const one: Yardstick = { model, modality, loop, batch, ...(await fasterOf(order, bare)) };
        found.push(one);
        const rate = `${one.result.itemsPerSecond.toFixed(0)} items/s`;
        console.log(`${model}, ${modality}, ${loop}, batch ${batch}: ${rate}${one.spins ? ', spinning' : ''}`);
      }
    }
  }
  return found;
}

/** Whether that loop had better spin. */
export function spinsBest(all: readonly Yardstick[], wanted: Pick<Yardstick, 'modality' | 'loop' | 'batch'>): boolean {
  const { modality, loop, batch } = wanted;
  return all.some((one) => one.modality === modality && one.loop === loop && one.batch === batch && one.spins);
}

/** `libs/clip` never spins. */
async function fasterOf(
  order: Omit<BareOrder, 'spins'>,
  bare: HelperProcess<BareOrder, BareResult>,
): Promise<Pick<Yardstick, 'spins' | 'result'>> {
  const [waiting, spinning] = [
    await bare.run({ ...order, spins: false }),
    order.loop === 'in process' ? undefined : await bare.run({ ...order, spins: true }),
  ];
  const spins = spinning !== undefined && spinning.itemsPerSecond > waiting.itemsPerSecond;
  return { spins, result: spins ? spinning : waiting };
}
