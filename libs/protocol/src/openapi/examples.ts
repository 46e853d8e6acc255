/** A PNG of 16 × 16 red pixels, small enough for an example. */
export const RED_SQUARE_BASE64 =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAAA1BMVEXcHh4Np/MyAAAADElEQVR42mNgIA0AAAAwAAEodEl9' +
  'AAAAAElFTkSuQmCC';

/** The same as a data URI. */
export const RED_SQUARE = `data:image/png;base64,${RED_SQUARE_BASE64}`;
