import { localDevices, type DeviceReport } from '#inference';

/** A GPU as the service sees it at one moment. */
export type Card = DeviceReport['cards'][number];

/** The card that a device runs on, and when there is none, why. The CPU is no card and needs no reason. */
export async function cardOf(device: string): Promise<{ card: Card | undefined; reason: string }> {
  const { cards, note } = await localDevices().report();
  const card = cards.find((some) => some.device !== null && some.device === device.replace('tensorrt', 'cuda'));
  return { card, reason: note ?? `it has ${cards.map((some) => some.device).join(', ') || 'no card'}.` };
}
