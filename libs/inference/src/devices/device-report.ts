import type { GpuProviderName } from '#clip';
import type { CpuReading, DeviceReading } from './device-reading.js';
import { noteOf } from './device-texts.js';
import type { GraphicsCard } from './parse-cards.js';

/** A card as programs see it; null = not known. */
export interface CardReport {
  /** `cuda:0`: what a model's `devices` call it, and `tensorrt:0` alike. Null where it is kept from this process. */
  readonly device: string | null;
  readonly name: string | null;
  readonly uuid: string | null;
  readonly memoryTotalBytes: number | null;
  readonly memoryFreeBytes: number | null;
  readonly driverVersion: string | null;
  readonly computeCapability: string | null;
}

/** The devices of this process, for programs. */
export interface DeviceReport {
  readonly cpu: CpuReading;
  /** Those that this process may use first, by their numbers. */
  readonly cards: readonly CardReport[];
  /** Whether the files of onnxruntime-node's providers are installed; `note` says what CUDA's lack to be loaded. */
  readonly libraries: Readonly<Record<GpuProviderName, boolean>>;
  /** Why cards cannot be used, or not as one may expect; null when there is nothing to say. */
  readonly note: string | null;
}

/** A reading in the words of the API. */
export function reportOf(reading: DeviceReading): DeviceReport {
  const { cpu, visible, libraries } = reading;
  return {
    cpu,
    cards: [
      ...visible.cards.map((card, n) => cardReport(card, `cuda:${n}`)),
      ...visible.hidden.map((card) => cardReport(card, null)),
    ],
    libraries: {
      cuda: libraries.cuda.missingFiles.length === 0,
      tensorrt: libraries.tensorrt.missingFiles.length === 0,
    },
    note: noteOf(reading) ?? null,
  };
}

function cardReport(card: GraphicsCard, device: string | null): CardReport {
  return {
    device,
    name: card.name ?? null,
    uuid: card.uuid ?? null,
    memoryTotalBytes: card.memoryTotalBytes ?? null,
    memoryFreeBytes: card.memoryFreeBytes ?? null,
    driverVersion: card.driverVersion ?? null,
    computeCapability: card.computeCapability ?? null,
  };
}
