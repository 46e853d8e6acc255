import type { GpuProviderName, ProviderLibrary } from '#clip';
import { ManualClock, type Clock } from '#core';
import type { CommandOutcome, RunCommand } from '../devices/nvidia-smi.js';
import { DeviceInventory, type DeviceSources } from '../devices/device-inventory.js';

/** One card as `nvidia-smi` lists it to a query of all fields. */
export function cardLine(
  index: number,
  changes: Partial<Record<'name' | 'free' | 'mig' | 'uuid' | 'driver' | 'compute', string>> = {},
): string {
  const { name = 'NVIDIA L4', free = '22491', mig = '[N/A]', uuid = `GPU-${index}e1c7b5a-66a1-4d1e` } = changes;
  const { driver = '580.65.06', compute = '8.9' } = changes;
  return `${index}, ${uuid}, ${name}, 23034, ${free}, ${driver}, ${mig}, ${compute}`;
}

/** A command that always ends so. */
export function ends(output: string, ok = true): RunCommand {
  return () => Promise.resolve({ kind: 'ended', ok, output });
}

/** A command that ends one way after another. */
export function endsInTurn(...outcomes: readonly CommandOutcome[]): { run: RunCommand; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    run: (_, args) => Promise.resolve(outcomes[asked.push(args.join(' ')) - 1] ?? { kind: 'missing' }),
  };
}

export const NOT_INSTALLED: RunCommand = () => Promise.resolve({ kind: 'missing' });

/**
 * A machine with two L4 cards and every library, unless said otherwise: `missing` are providers that are not installed.
 */
export function anInventory(
  changes: Partial<Omit<DeviceSources, 'library'>> & {
    missing?: readonly GpuProviderName[];
    platform?: string;
    missingLibraries?: readonly string[];
  } = {},
): DeviceInventory {
  const { missing = [], platform = 'linux/x64', missingLibraries = [], ...sources } = changes;
  const library = (provider: GpuProviderName): ProviderLibrary => ({
    ...{ platform, missingLibraries },
    missingFiles: missing.includes(provider) ? [`libonnxruntime_providers_${provider}.so`] : [],
  });
  const clock: Clock = new ManualClock();
  return new DeviceInventory({
    ...{ run: ends([cardLine(0), cardLine(1)].join('\n')), clock, env: {}, hasDriver: () => false },
    library: (provider) => Promise.resolve(library(provider)),
    cpu: () => ({ cores: 4, memoryTotalBytes: 16e9, memoryFreeBytes: 8e9 }),
    ...sources,
  });
}
