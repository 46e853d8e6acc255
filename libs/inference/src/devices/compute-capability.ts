import type { Provider } from '#clip';
import { localDevices, type DeviceInventory } from './device-inventory.js';

/**
 * The type of the card that a replica is placed on, such as `8.9`: by it TensorRT engines that were prepared for such cards are
 * found. Undefined where no engines are looked for (on the CPU and on CUDA) and where the driver does not tell. Never rejects.
 */
export async function computeCapabilityOf(
  provider: Provider,
  inventory: Pick<DeviceInventory, 'report'> = localDevices(),
): Promise<string | undefined> {
  if (provider === 'cpu' || provider.name === 'cuda') return undefined;
  const { cards } = await inventory.report();
  return cards.find(({ device }) => device === `cuda:${provider.deviceId}`)?.computeCapability ?? undefined;
}
