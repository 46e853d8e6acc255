import type { GpuProviderName } from '#clip';
import { DomainError } from '#core';
import type { DeviceInventory } from './device-inventory.js';
import type { DeviceReading } from './device-reading.js';
import type { DeviceReport } from './device-report.js';
import { cardsText, driverProblem, gigabytes, nameOf, providerProblem } from './device-texts.js';
import { parseDevice } from './placement.js';

/**
 * What CUDA, cuBLAS and cuDNN take for themselves in each process, before any model: 0.3 to 0.6 GB on cards of today.
 */
const CONTEXT_BYTES = 512 * 2 ** 20;
/** The weights are on the card once; the arena for what runs need grows in steps beside them. */
const WEIGHTS_FACTOR = 1.2;

/** A replica that is to start. */
export interface NewReplica {
  readonly model: string;
  /** `cpu`, `cuda:<n>` or `tensorrt:<n>`. */
  readonly device: string;
}

/** What a device check asks. */
export interface DeviceCheckParts {
  readonly inventory: Pick<DeviceInventory, 'read' | 'report'>;
  /** The size of a model's ONNX files, as far as it is known; must not reject. */
  readonly weightBytesOf: (model: string) => Promise<number | undefined>;
}

/** Checks, before replicas are started, whether their devices can take them. */
export class DeviceCheck {
  constructor(private readonly parts: DeviceCheckParts) {}

  /**
   * Reads the devices now, unless all replicas are on the CPU, and refuses replicas that cannot start there: no driver,
   * no such card, no provider library or not all that it needs, or too little free memory for all of them together
   * (`cardBytesNeeded`). The error has all reasons. What the driver does not say is no reason: loading the model will
   * show it.
   *
   * @throws DomainError `invalid_argument` for a device that is not here or cannot be read; `unavailable` where that
   * may pass: too little free memory, a driver that fails or hangs
   */
  async require(newReplicas: readonly NewReplica[]): Promise<void> {
    const { inventory, weightBytesOf } = this.parts;
    if (newReplicas.every(({ device }) => device === 'cpu')) return;
    const models = [...new Set(newReplicas.map(({ model }) => model))];
    const sizes = new Map(await Promise.all(models.map(async (model) => [model, await weightBytesOf(model)] as const)));
    const replicas = newReplicas.map((replica) => ({ ...replica, weightBytes: sizes.get(replica.model) }));
    requireDevices(replicas, await inventory.read());
  }

  /** The devices as they are now; never rejects. */
  report(): Promise<DeviceReport> {
    return this.parts.inventory.report();
  }
}

/** A new replica and the size of its model's ONNX files; undefined = not known, so its memory is not checked. */
interface SizedReplica extends NewReplica {
  readonly weightBytes: number | undefined;
}

/** A new replica that is to start on a card. */
interface CardReplica extends SizedReplica {
  readonly provider: GpuProviderName;
  readonly card: number;
}

function requireDevices(replicas: readonly SizedReplica[], reading: DeviceReading): void {
  const wanted = replicas.flatMap(onCard);
  if (wanted.length === 0) return;
  const general = driverProblem(reading);
  const cards = general === undefined ? missingCards(wanted, reading) : [general];
  const memory = general === undefined ? lackOfMemory(wanted, reading) : [];
  const providers = distinct(wanted.map(({ provider }) => provider));
  const libraries = providers.flatMap((provider) => providerProblem(reading, provider) ?? []);
  const problems = [...cards, ...memory, ...libraries];
  if (problems.length === 0) return;
  const isDriverIll = reading.driver.state === 'failed' || reading.driver.state === 'hung';
  const isPassing = libraries.length === 0 && (cards.length === 0 || isDriverIll);
  const [models, devices] = [distinct(wanted.map(({ model }) => model)), distinct(wanted.map(({ device }) => device))];
  throw new DomainError(
    isPassing ? 'unavailable' : 'invalid_argument',
    `${models.join(' and ')} cannot be placed on ${devices.join(' and ')}. ${problems.join(' ')} ` +
      'Nothing runs on the CPU instead by itself: name cpu where that is meant.',
  );
}

function onCard(replica: SizedReplica): CardReplica[] {
  const provider = parseDevice(replica.device);
  if (typeof provider === 'string') return [];
  return [{ ...replica, provider: provider.name, card: provider.deviceId }];
}

function missingCards(wanted: readonly CardReplica[], reading: DeviceReading): string[] {
  const { driver, visible } = reading;
  if (driver.state !== 'read' || !visible.isComplete) return [];
  const missing = distinct(wanted.filter(({ card }) => !visible.cards[card]).map(({ device }) => device));
  if (missing.length === 0) return [];
  return [`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there. ${cardsText(reading)}`];
}

function lackOfMemory(wanted: readonly CardReplica[], { visible }: DeviceReading): string[] {
  if (!visible.isOrderKnown) return [];
  return visible.cards.flatMap((card, n) => {
    const free = card.memoryFreeBytes;
    const starting = wanted.filter((replica) => replica.card === n && replica.weightBytes !== undefined);
    const needed = starting.reduce((sum, { weightBytes = 0 }) => sum + cardBytesNeeded(weightBytes), 0);
    if (free === undefined || needed <= free) return [];
    const [{ device = '' } = {}] = starting;
    const who = starting.length === 1 ? '1 new replica needs' : `${starting.length} new replicas need`;
    return [
      `${device} ${nameOf(card)} has ${gigabytes(free)} free, and ${who} at least ${gigabytes(needed)} there; new ones start ` +
        'before old ones go. Free memory on the card, place fewer replicas on it, or serve files in half precision.',
    ];
  });
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/**
 * The least memory of a card that a replica needs: 1.2 × its ONNX files + 512 MiB. Large batches, and TensorRT while it
 * builds engines, take more: this finds what cannot work, and does not promise that the rest will.
 */
export function cardBytesNeeded(weightBytes: number): number {
  return Math.ceil(weightBytes * WEIGHTS_FACTOR) + CONTEXT_BYTES;
}
