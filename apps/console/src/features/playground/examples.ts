import cat from './examples/photo-cat.jpg';
import car from './examples/colour-thing.png';
import apples from './examples/count-1.png';
import catAndCar from './examples/relation-left-right-1.png';
import type { ExampleId } from './search.js';

/** A question to a picture that is shipped with the service. */
export interface Example {
  readonly id: ExampleId;
  readonly title: string;
  readonly about: string;
  readonly picture: { readonly url: string; readonly name: string };
  readonly texts: readonly string[];
}

/** The four kinds of visual reasoning: what is there, how many, which colour, and what is where. */
export const EXAMPLES: readonly Example[] = [
  {
    id: 'object',
    title: 'What is it?',
    about: 'Recognize a thing',
    picture: { url: cat, name: 'photo-cat.jpg' },
    texts: ['a photo of a cat', 'a photo of a cup of coffee', 'a photo of a motorcycle', 'a photo of a rocket'],
  },
  {
    id: 'count',
    title: 'How many?',
    about: 'Count things',
    picture: { url: apples, name: 'count-1.png' },
    texts: ['a photo of one apple', 'a photo of two apples', 'a photo of three apples', 'a photo of four apples'],
  },
  {
    id: 'colour',
    title: 'Which colour?',
    about: 'Tell colours',
    picture: { url: car, name: 'colour-thing.png' },
    texts: ['a red car', 'a green car', 'a blue car', 'a yellow car'],
  },
  {
    id: 'place',
    title: 'What is where?',
    about: 'Tell left from right',
    picture: { url: catAndCar, name: 'relation-left-right-1.png' },
    texts: [
      'the cat is to the left of the car',
      'the car is to the left of the cat',
      'the cat is above the car',
      'the car is above the cat',
    ],
  },
];

/** The picture of an example, as a file that somebody dropped. */
export async function pictureOf({ picture }: Example): Promise<File> {
  const response = await fetch(picture.url);
  if (!response.ok) throw new Error('The picture of the example could not be read. Load the page anew.');
  const blob = await response.blob();
  return new File([blob], picture.name, { type: blob.type });
}
