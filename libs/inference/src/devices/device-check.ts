import type { DeviceInventory } from './device-inventory.js';
import type { DeviceReport } from './device-report.js';
import { requireDevices } from './require-devices.js';

/** Where a replica is to start. */
export interface NewPlace {
  readonly model: string;
  readonly device: string;
}

export interface DeviceCheckParts {
  readonly inventory: Pick<DeviceInventory, 'read' | 'report'>;
  /** The size of a model's ONNX files, as far as it is known; must not reject. */
  readonly weightBytesOf: (model: string) => Promise<number | undefined>;
}

/** Says, before anything is started, whether it can be. */
export class DeviceCheck {
  constructor(private readonly parts: DeviceCheckParts) {}

  /**
   * Looks at the devices now, unless all places are on the CPU.
   *
   * @throws DomainError `unavailable` as `requireDevices`
   */
  async require(places: readonly NewPlace[]): Promise<void> {
    const { inventory, weightBytesOf } = this.parts;
    if (places.every(({ device }) => device === 'cpu')) return;
    const models = [...new Set(places.map(({ model }) => model))];
    const sizes = new Map(await Promise.all(models.map(async (model) => [model, await weightBytesOf(model)] as const)));
    const replicas = places.map((place) => ({ ...place, weightBytes: sizes.get(place.model) }));
    requireDevices(replicas, await inventory.read());
  }

  /** The devices as they are now; never rejects. */
  report(): Promise<DeviceReport> {
    return this.parts.inventory.report();
  }
}
