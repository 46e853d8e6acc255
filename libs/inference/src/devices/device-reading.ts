import type { GpuProviderName, ProviderLibrary } from '#clip';
import type { CardsReading } from './nvidia-smi.js';
import type { VisibleCards } from './visible-cards.js';

/** What this process may use of the machine's processor and memory. */
export interface CpuReading {
  readonly cores: number;
  /** Of the machine, or the limit of the container where that is less. */
  readonly memoryTotalBytes: number;
  readonly memoryFreeBytes: number;
}

/** All that is known of the devices of this process at one moment. */
export interface DeviceReading {
  readonly cpu: CpuReading;
  /** What the driver says; `unlisted`: it is here, but without `nvidia-smi`, so that cards are not known beforehand. */
  readonly driver: Exclude<CardsReading, { state: 'read' }> | { readonly state: 'read' | 'unlisted' };
  /** None unless the driver was read. */
  readonly visible: VisibleCards;
  readonly libraries: Readonly<Record<GpuProviderName, ProviderLibrary>>;
  /** CUDA_VISIBLE_DEVICES, where it is set. */
  readonly visibleDevices: string | undefined;
}
