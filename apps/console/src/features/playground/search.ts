/** The views of the results, in the order of their tabs. */
export const VIEWS = ['matrix', 'ranking', 'search', 'map', 'code'] as const;

export type View = (typeof VIEWS)[number];

/** The examples, by the question that each asks of a picture. */
export const EXAMPLE_IDS = ['object', 'count', 'colour', 'place'] as const;

export type ExampleId = (typeof EXAMPLE_IDS)[number];

/** What the address of the playground holds: everything but the pictures. What is left out is as it was at first. */
export interface PlaygroundSearch {
  /** One a line. */
  readonly texts?: string;
  /** The default model when left out. */
  readonly model?: string;
  /** A second model, beside. */
  readonly with?: string;
  /** How a cell is written; cosine when left out. */
  readonly scores?: 'share';
  readonly view?: Exclude<View, 'matrix'>;
  /** Its pictures are loaded when the address is opened. */
  readonly example?: ExampleId;
}

/** Changes of the address; undefined takes something out of it. */
export type SearchChange = { readonly [Key in keyof PlaygroundSearch]?: PlaygroundSearch[Key] | undefined };

/** All texts together, in characters, so that the address stays one that servers take. */
export const TEXTS_CHARS_MAX = 3_000;

/** Most texts that are compared. */
export const TEXTS_MAX = 32;

/** Reads the search part of an address; what it does not know is left out. */
export function playgroundSearch(given: Record<string, unknown>): PlaygroundSearch {
  const { texts, model, with: other, scores, view, example } = given;
  const knownView = VIEWS.find((one) => one === view);
  const knownExample = EXAMPLE_IDS.find((one) => one === example);
  return {
    ...(typeof texts === 'string' && texts !== '' ? { texts: texts.slice(0, TEXTS_CHARS_MAX) } : {}),
    ...(typeof model === 'string' && model !== '' ? { model } : {}),
    ...(typeof other === 'string' && other !== '' ? { with: other } : {}),
    ...(scores === 'share' ? { scores } : {}),
    ...(knownView === undefined || knownView === 'matrix' ? {} : { view: knownView }),
    ...(knownExample === undefined ? {} : { example: knownExample }),
  };
}

/** The texts of the address, without empty lines and repeated ones. */
export function linesOf(texts = ''): string[] {
  const lines = texts.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))].slice(0, TEXTS_MAX);
}
