import type { EncodeItem } from '#core';

/** One gray square of the model's own size and one short text: the cheapest items that pass through a whole tower. */
export function warmUpItems(imageSize: number): readonly EncodeItem[] {
  const data = new Uint8Array(imageSize * imageSize).fill(128);
  return [
    { kind: 'pixels', pixels: { data, width: imageSize, height: imageSize, channels: 1 } },
    { kind: 'text', text: 'a photo of a cat' },
  ];
}
