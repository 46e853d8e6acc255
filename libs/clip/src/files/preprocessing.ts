import { type Fields, fieldsOf, firstNumber, modelBroken } from './json-fields.js';

/** Pillow's `Resampling.BICUBIC` and `Resampling.BILINEAR`, both antialiased. */
export type Kernel = 'bicubic' | 'bilinear';

/** How pictures are converted to the visual tower's input. */
export interface Preprocessing {
  /** The short side after resizing, in pixels; of `squash` both sides. */
  readonly resizeTo: number;
  /** The side of the centre square that is kept, in pixels; at most `resizeTo`. */
  readonly cropTo: number;
  /** Mean per channel (R, G, B), of values from 0 to 1. */
  readonly mean: readonly [number, number, number];
  /** Standard deviation per channel. */
  readonly std: readonly [number, number, number];
  /** `crop`, the default, keeps the picture's proportions and cuts out the centre square; `squash` gives them up. */
  readonly fit?: 'crop' | 'squash';
  /** Bicubic by default. */
  readonly kernel?: Kernel;
}

/**
 * Parses `preprocess_config.json` of Hugging Face's image processors and `preprocess_cfg.json` of open_clip; some
 * repositories mix the two. Throws `unavailable` when sizes or channels are missing, and for an unknown way of
 * resizing.
 *
 * @example
 * preprocessingFrom({ size: 224, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }).cropTo; // 224
 */
export function preprocessingFrom(fields: Fields): Preprocessing {
  const { resizeTo, cropTo } = sizesOf(fields);
  const kernel = kernelOf(fields);
  return {
    resizeTo,
    cropTo,
    mean: channels(fields, ['image_mean', 'mean'], 0),
    std: channels(fields, ['image_std', 'std'], 1),
    ...(isSquash(fields) ? { fit: 'squash' } : {}),
    ...(kernel === 'bicubic' ? {} : { kernel }),
  };
}

/**
 * A size is a number (older files), a pair (open_clip) or an object (`shortest_edge`, `height`). Hugging Face's
 * processors write a `crop_size` of 224 also for models that crop nothing.
 */
function sizesOf(fields: Fields): { resizeTo: number; cropTo: number } {
  const size = fieldsOf(fields['size']);
  const crop = fieldsOf(fields['crop_size']);
  const pair: readonly unknown[] = Array.isArray(fields['size']) ? fields['size'] : [];
  const resizeTo = firstNumber(fields['size'], pair[0], size['shortest_edge'], size['height']);
  const cropTo = firstNumber(
    ...(fields['do_center_crop'] === false ? [] : [fields['crop_size'], crop['height'], crop['shortest_edge']]),
    resizeTo,
  );
  const unequal = [pair[1] ?? pair[0] ?? resizeTo, size['width'] ?? size['height'] ?? resizeTo].some(
    (side) => side !== resizeTo,
  );
  if (resizeTo === undefined || cropTo === undefined || cropTo > resizeTo || cropTo < 1 || unequal) {
    throw modelBroken('its preprocessing file names no usable size', `size ${resizeTo}, crop ${cropTo}`);
  }
  return { resizeTo, cropTo };
}

/**
 * open_clip names the mode. In Hugging Face's files, height and width mean exactly that size, with or without a crop
 * after it.
 */
function isSquash(fields: Fields): boolean {
  const mode = fields['resize_mode'];
  if (mode === 'squash' || mode === 'shortest') return mode === 'squash';
  if (mode !== undefined) throw modelBroken('its pictures are resized in a way that is not known', String(mode));
  return firstNumber(fieldsOf(fields['size'])['height']) !== undefined;
}

/** Hugging Face writes Pillow's number (2, 3), open_clip the word. */
function kernelOf(fields: Fields): Kernel {
  const value = fields['resample'] ?? fields['interpolation'] ?? 'bicubic';
  if (value === 3 || value === 'bicubic') return 'bicubic';
  if (value === 2 || value === 'bilinear') return 'bilinear';
  throw modelBroken('its pictures are resized with a kernel that is not known', String(value));
}

function channels(fields: Fields, keys: readonly string[], plain: number): readonly [number, number, number] {
  if (fields['do_normalize'] === false) return [plain, plain, plain];
  const value = keys.map((key) => fields[key]).find((candidate) => candidate !== undefined);
  const [red, green, blue] = Array.isArray(value) ? value.map(Number) : [];
  if (red === undefined || green === undefined || blue === undefined || !Number.isFinite(red + green + blue)) {
    throw modelBroken(`its preprocessing file lacks ${keys[0]}`, keys.join(' or '));
  }
  return [red, green, blue];
}
