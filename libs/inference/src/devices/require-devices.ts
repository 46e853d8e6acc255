import type { GpuProviderName } from '#clip';
import { DomainError } from '#core';
import { parseDevice } from './placement.js';
import type { DeviceReading } from './device-reading.js';
import { cardsText, driverProblem, gigabytes, nameOf, providerProblem } from './device-texts.js';
import { cardBytesNeeded } from './memory-need.js';

/** A replica that is to start. */
export interface NewReplica {
  readonly model: string;
  /** `cpu`, `cuda:<n>` or `tensorrt:<n>`. */
  readonly device: string;
  /** The size of the model's ONNX files; undefined = not known, so memory is not looked at. */
  readonly weightBytes: number | undefined;
}

/** One that is to start on a card. */
interface Wanted extends NewReplica {
  readonly provider: GpuProviderName;
  readonly card: number;
}

/**
 * Refuses replicas that cannot start on the cards that they are meant for: no driver, no such card, no provider library or not all that it needs, or too
 * little free memory for all of them together (see `cardBytesNeeded`). All reasons are told at once. Replicas on the CPU are
 * never refused. What the driver does not tell is not held against anybody: loading the model will show it.
 *
 * @throws DomainError `invalid_argument` for a device that is not here or cannot be read; `unavailable` where that may pass: too little
 * free memory, a driver that fails or hangs
 */
export function requireDevices(replicas: readonly NewReplica[], reading: DeviceReading): void {
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

function onCard(replica: NewReplica): Wanted[] {
  const provider = parseDevice(replica.device);
  if (typeof provider === 'string') return [];
  return [{ ...replica, provider: provider.name, card: provider.deviceId }];
}

function missingCards(wanted: readonly Wanted[], reading: DeviceReading): string[] {
  const { driver, visible } = reading;
  if (driver.state !== 'read' || !visible.isComplete) return [];
  const missing = distinct(wanted.filter(({ card }) => !visible.cards[card]).map(({ device }) => device));
  if (missing.length === 0) return [];
  return [`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there. ${cardsText(reading)}`];
}

function lackOfMemory(wanted: readonly Wanted[], { visible }: DeviceReading): string[] {
  if (!visible.isOrderKnown) return [];
  return visible.cards.flatMap((card, n) => {
    const free = card.memoryFreeBytes;
    const comers = wanted.filter((replica) => replica.card === n && replica.weightBytes !== undefined);
    const needed = comers.reduce((sum, { weightBytes = 0 }) => sum + cardBytesNeeded(weightBytes), 0);
    if (free === undefined || needed <= free) return [];
    const [{ device = '' } = {}] = comers;
    const who = comers.length === 1 ? '1 new replica needs' : `${comers.length} new replicas need`;
    return [
      `${device} ${nameOf(card)} has ${gigabytes(free)} free, and ${who} at least ${gigabytes(needed)} there; new ones start ` +
        'before old ones go. Free memory on the card, place fewer replicas on it, or serve files in half precision.',
    ];
  });
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
