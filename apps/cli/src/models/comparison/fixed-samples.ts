import type { EncodeItem, Pixels } from '#core';

/** A text or picture to encode with both models. */
export interface Sample {
  /** Names it for people. */
  readonly label: string;
  readonly item: EncodeItem;
}

const COUNT = 24;
const SIDE_MIN = 96;
const SIDE_SPAN = 480;
const SHAPES_MAX = 7;
/** As many characters of a text as distinguish it from the others. */
const LABEL_CHARACTERS_MAX = 40;

/** Searches for pictures, from one word to more than most models read, and texts that tokenizers differ on. */
const TEXTS = [
  'cat',
  'beach',
  'a photo of a cat',
  'a photo of a dog',
  'a photo of the Eiffel Tower at night',
  'two people walking along an empty beach at sunset',
  'a red bicycle leaning against a white wall',
  'a plate of spaghetti with tomato sauce and basil',
  'a child blowing out candles on a birthday cake',
  'an aerial view of a river delta',
  'a black and white portrait of an old man',
  'a woman reading a newspaper in a café',
  'a crowded subway station during rush hour',
  'three yellow taxis in a row',
  'a snow-covered mountain reflected in a lake',
  'a close-up of a bee on a sunflower',
  'a diagram of the water cycle',
  'a screenshot of a spreadsheet',
  'a hand-drawn map of an island',
  'a receipt from a restaurant',
  'a sign that says "no parking"',
  'the inside of an abandoned factory',
  'a street market in Marrakesh with spices and lamps',
  'a football player scoring a goal in the rain',
  'an oil painting of a ship in a storm',
  'a 3D rendering of a futuristic city',
  'a vintage car parked in front of a diner',
  'a kitten sleeping on a keyboard',
  'the northern lights over a frozen lake',
  'a circuit board under a microscope',
  'a wooden bridge over a small stream in autumn',
  'a group of friends around a campfire',
  'a blurry photo of nothing in particular',
  'not a single person is in this picture',
  'the cup is to the left of the plate',
  'the plate is to the left of the cup',
  'five oranges',
  'four oranges',
  'something blue and round',
  'A PHOTO OF A CAT, IN CAPITALS!',
  "it's the dog's ball; we'll see (maybe)",
  '3.14159 + 2 = ?',
  'ein roter Sportwagen auf der Autobahn',
  '¿dónde está el gato negro?',
  'une vieille maison au bord de la mer',
  '一只猫的照片',
  '🐈 on a 🛋️',
  'a long caption of a busy street in which a man in a grey coat carries a ladder past a bakery, while two children with red ' +
    'balloons wait at the crossing, a tram comes around the corner, and above them all someone shakes out a tablecloth from a ' +
    'balcony on the third floor of a house whose plaster is coming off, so that the crumbs fall on the awning of the bakery',
];

/** Makes the fixed texts, the same every time. */
export function fixedTexts(): Sample[] {
  return TEXTS.map((text) => {
    const label = text.length > LABEL_CHARACTERS_MAX ? `${text.slice(0, LABEL_CHARACTERS_MAX)}…` : text;
    return { label, item: { kind: 'text', text } };
  });
}

/**
 * Draws the fixed pictures, the same every time: waves of colour, noise and hard-edged shapes, smaller and larger than
 * a model's square.
 */
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
