import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { inspectProviderLibrary, type GpuProviderName, type Provider, type ProviderLibrary } from '#clip';
import { systemClock, type Clock } from '#core';
import type { CpuReading, DeviceReading } from './device-reading.js';
import { reportOf, type DeviceReport } from './device-report.js';
import { NvidiaSmi, runCommand, type RunCommand } from './nvidia-smi.js';
import { visibleCards } from './visible-cards.js';

/** Where an inventory reads. */
export interface DeviceSources {
  readonly run: RunCommand;
  readonly clock: Clock;
  /** The environment of the replicas, as far as CUDA reads it. */
  readonly env: NodeJS.ProcessEnv;
  readonly library: (provider: GpuProviderName) => Promise<ProviderLibrary>;
  readonly cpu: () => CpuReading;
  /** Whether the driver is here, seen without `nvidia-smi`. */
  readonly hasDriver: () => boolean;
}

/** The devices that this process and its replicas see. Every call reads anew; none rejects. */
export class DeviceInventory {
  private readonly nvidiaSmi: NvidiaSmi;

  constructor(private readonly sources: DeviceSources) {
    this.nvidiaSmi = new NvidiaSmi(sources);
  }

  async read(): Promise<DeviceReading> {
    const { env, library, cpu, hasDriver } = this.sources;
    const [cards, cuda, tensorrt] = await Promise.all([this.nvidiaSmi.read(), library('cuda'), library('tensorrt')]);
    const isUnlisted = cards.state === 'missing' && hasDriver();
    return {
      cpu: cpu(),
      driver: isUnlisted ? { state: 'unlisted' } : cards,
      visible: visibleCards(cards.state === 'read' ? cards.cards : [], env),
      libraries: { cuda, tensorrt },
      visibleDevices: env['CUDA_VISIBLE_DEVICES'],
    };
  }

  async report(): Promise<DeviceReport> {
    return reportOf(await this.read());
  }
}

/**
 * The devices of this machine, as a process with this environment sees them.
 *
 * @example
 * const { cards, note } = await localDevices().report();
 */
export function localDevices(env: NodeJS.ProcessEnv = process.env): DeviceInventory {
  return new DeviceInventory({
    run: runCommand,
    clock: systemClock,
    env,
    library: (provider) => inspectProviderLibrary(provider, env),
    cpu: readCpu,
    hasDriver,
  });
}

/**
 * The compute capability of the card that a replica is placed on, such as `8.9`, by which TensorRT engines that were
 * prepared for such cards are found. Undefined where there are no engines (on the CPU and on CUDA) and where the driver
 * does not say it. Never rejects.
 */
export async function computeCapabilityOf(
  provider: Provider,
  inventory: Pick<DeviceInventory, 'report'> = localDevices(),
): Promise<string | undefined> {
  if (provider === 'cpu' || provider.name === 'cuda') return undefined;
  const { cards } = await inventory.report();
  return cards.find(({ device }) => device === `cuda:${provider.deviceId}`)?.computeCapability ?? undefined;
}

/** The control device of the Linux driver, and that of Windows' subsystem for Linux. */
const DRIVER_FILES = ['/dev/nvidiactl', '/dev/dxg'];

/** Whether a driver is here, seen without starting a process. */
export function hasDriver(): boolean {
  return DRIVER_FILES.some((path) => existsSync(path));
}

function readCpu(): CpuReading {
  const memoryTotalBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const memoryFreeBytes = Math.min(memoryTotalBytes, process.availableMemory());
  return { cores: availableParallelism(), memoryTotalBytes, memoryFreeBytes };
}
