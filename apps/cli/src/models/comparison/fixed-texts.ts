import type { Sample } from './sample.js';

/** What people search pictures for, from one word to more than most models read, and what tokenizers differ on. */
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

/** Enough of a text to know it by. */
const LABEL_CHARACTERS_MAX = 40;

/** The same texts every time. */
export function fixedTexts(): Sample[] {
  return TEXTS.map((text) => {
    const label = text.length > LABEL_CHARACTERS_MAX ? `${text.slice(0, LABEL_CHARACTERS_MAX)}…` : text;
    return { label, item: { kind: 'text', text } };
  });
}
