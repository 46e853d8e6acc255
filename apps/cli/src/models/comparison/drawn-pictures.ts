import type { Pixels } from '#core';
import type { Sample } from './sample.js';

const COUNT = 24;
const SIDE_MIN = 96;
const SIDE_SPAN = 480;
const SHAPES_MAX = 7;

/** The same pictures every time: waves of colour, noise and hard-edged shapes, smaller and larger than a model's square. */
export function drawnPictures(): Sample[] {
  return Array.from({ length: COUNT }, (_, at) => ({
    label: `drawing ${at + 1}`,
    item: { kind: 'pixels', pixels: drawn(new Chance(at + 1)) },
  }));
}

function drawn(chance: Chance): Pixels {
  const width = SIDE_MIN + Math.floor(chance.next() * SIDE_SPAN);
  const height = SIDE_MIN + Math.floor(chance.next() * SIDE_SPAN);
  const data = new Uint8Array(width * height * 3);
  const pixels: Pixels = { data, width, height, channels: 3 };
  paintWaves(pixels, chance);
  const shapes = Math.floor(chance.next() * SHAPES_MAX);
  for (let shape = 0; shape < shapes; shape++) paintShape(pixels, chance);
  return pixels;
}

function paintWaves({ data, width, height }: Pixels, chance: Chance): void {
  const noise = chance.next() < 0.5 ? 0 : chance.next() * 40;
  const waves = [0, 1, 2].map(() => ({
    across: 5 + chance.next() * 60,
    down: 5 + chance.next() * 60,
    start: chance.next() * 6,
  }));
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const { across, down, start } of waves) {
        const value = 127 + 110 * Math.sin(x / across + y / down + start) + noise * (chance.next() - 0.5);
        data[at++] = Math.min(255, Math.max(0, value));
      }
    }
  }
}

/** An ellipse or a rectangle of one colour. */
function paintShape({ data, width, height }: Pixels, chance: Chance): void {
  const isRound = chance.next() < 0.5;
  const [left, top] = [chance.next() * width, chance.next() * height];
  const [halfWidth, halfHeight] = [8 + (chance.next() * width) / 3, 8 + (chance.next() * height) / 3];
  const colour = [0, 1, 2].map(() => Math.floor(chance.next() * 256));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [across, down] = [Math.abs(x - left) / halfWidth, Math.abs(y - top) / halfHeight];
      if (isRound ? across ** 2 + down ** 2 <= 1 : across <= 1 && down <= 1) data.set(colour, (y * width + x) * 3);
    }
  }
}

/** Numbers from 0 to 1, the same for a seed on every machine: Marsaglia's xorshift of 32 bits. */
class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 0x9e3779b9) >>> 0;
  }

  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }
}
