import type { Clock } from '#core';
import type { DeviceReport } from '#inference';
import type { DevicesPart } from '#pods';

/** Devices do not change, and their memory slowly; reading cards starts a process. */
const READ_EVERY_MS = 10_000;

/** What a pod tells of its devices, read every ten seconds and told as it was then in between. */
export function devicesPart(read: () => Promise<DeviceReport>, clock: Clock): () => DevicesPart | undefined {
  let last: DevicesPart | undefined;
  let readAtMs = -Infinity;
  return () => {
    if (clock.now() - readAtMs >= READ_EVERY_MS) {
      readAtMs = clock.now();
      void read().then(
        (report) => (last = partOf(report)),
        () => undefined,
      );
    }
    return last;
  };
}

function partOf({ cpu, cards, note }: DeviceReport): DevicesPart {
  return {
    cpu,
    note,
    cards: cards.map(({ device, name, memoryTotalBytes, memoryFreeBytes }) => ({
      ...{ device, name, memoryTotalBytes, memoryFreeBytes },
    })),
  };
}
