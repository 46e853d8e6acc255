import { CUDA_NEEDS, driverLibraryProblem, libraryProblem, type GpuProviderName } from '#clip';
import type { DeviceReading } from './device-reading.js';
import type { GraphicsCard } from './parse-cards.js';
import { NVIDIA_SMI_MS_MAX } from './nvidia-smi.js';

/** Why no card can be used at all, and what to do; undefined when one might be. */
export function driverProblem({ driver, visible }: DeviceReading): string | undefined {
  switch (driver.state) {
    case 'missing':
      return (
        'No NVIDIA driver is here: nvidia-smi is not found. Install the driver, or start the container with the cards ' +
        '(docker run --gpus all).'
      );
    case 'failed':
      return `The NVIDIA driver does not work here; nvidia-smi says: ${JSON.stringify(driver.said)}.`;
    case 'hung':
      return (
        `The NVIDIA driver hangs: nvidia-smi gave no answer within ${NVIDIA_SMI_MS_MAX / 1000} s. The log of the kernel ` +
        '(dmesg) has the reason.'
      );
    case 'unlisted':
      return undefined;
    case 'read':
      return visible.cards.length + visible.hidden.length === 0
        ? 'The NVIDIA driver is here and has no card.'
        : undefined;
  }
}

/** Which cards there are, for somebody who asked for another one. */
export function cardsText({ visible, visibleDevices }: DeviceReading): string {
  const { cards, hidden } = visible;
  const seen = cards.map((card, n) => `cuda:${n} ${nameOf(card)}`).join(', ');
  const shown = `This process sees ${cards.length === 1 ? '1 card' : `${cards.length || 'no'} cards`}`;
  const hides = `CUDA_VISIBLE_DEVICES=${JSON.stringify(visibleDevices ?? '')} hides ${hidden.length} of this machine`;
  return `${shown}${seen && `: ${seen}`}${hidden.length > 0 ? `; ${hides}` : ''}.`;
}

/**
 * Why a provider cannot be loaded, and what to do; undefined when nothing is known to be in its way. A driver that is
 * missing is reported by `driverProblem` alone.
 */
export function providerProblem(reading: DeviceReading, provider: GpuProviderName): string | undefined {
  const library = reading.libraries[provider];
  const isDriverReported = driverProblem(reading) !== undefined;
  return libraryProblem(provider, library) ?? (isDriverReported ? undefined : driverLibraryProblem(library));
}

/** Why the cards cannot be used, or not as one may expect; undefined when there is nothing to say. */
export function noteOf(reading: DeviceReading): string | undefined {
  const { driver, visible } = reading;
  const problem = driverProblem(reading);
  if (problem !== undefined) return `${problem} Models run on the CPU.`;
  const notes = [
    driver.state === 'unlisted' ? UNLISTED : undefined,
    driver.state === 'read' && visible.hidden.length > 0 ? cardsText(reading) : undefined,
    visible.isComplete ? undefined : PARTITIONED,
    visible.isOrderKnown ? undefined : UNORDERED,
    oldDriver(visible.cards),
    oldCards(visible.cards),
    providerProblem(reading, 'cuda'),
  ].filter((text) => text !== undefined);
  return notes.length === 0 ? undefined : notes.join(' ');
}

/** A number of bytes as people read it, in GB (10^9). */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** The name of a card, or words for one without a name. */
export function nameOf({ name }: GraphicsCard): string {
  return name ?? 'a card that tells no name';
}

const UNLISTED =
  'The NVIDIA driver is here, but not nvidia-smi, so cards and their free memory are not known before a model is loaded; in a ' +
  'container NVIDIA_DRIVER_CAPABILITIES must hold utility.';
const PARTITIONED =
  'Cards are cut into MIG instances: CUDA shows one instance, and its free memory is not known beforehand.';
const UNORDERED =
  'CUDA_DEVICE_ORDER is set, so CUDA may number these cards in another order than shown. Unset it, and they are numbered as ' +
  'nvidia-smi does.';

function oldDriver([card]: readonly GraphicsCard[]): string | undefined {
  const { cudaMajor, driverMin } = CUDA_NEEDS;
  const version = card?.driverVersion;
  if (version === undefined || Number.parseInt(version, 10) >= driverMin) return undefined;
  return `The driver ${version} is older than ${driverMin}, the oldest that CUDA ${cudaMajor} takes: models may not load on the cards.`;
}

function oldCards(cards: readonly GraphicsCard[]): string | undefined {
  const { cudaMajor, computeCapabilityMin } = CUDA_NEEDS;
  const old = cards.filter(({ computeCapability }) => Number(computeCapability) < computeCapabilityMin);
  if (old.length === 0) return undefined;
  const names = [...new Set(old.map((card) => `${nameOf(card)} (${card.computeCapability})`))].join(', ');
  return `CUDA ${cudaMajor} takes cards from compute capability ${computeCapabilityMin} on, so models do not load on ${names}.`;
}
