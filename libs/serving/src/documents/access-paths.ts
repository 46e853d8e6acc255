import { DomainError, type JsonObject } from '#core';

/** Python's `start:stop:step`; what is missing is undefined. */
export interface Slice {
  readonly start: number | undefined;
  readonly stop: number | undefined;
  readonly step: number | undefined;
}

/** One step of a path: documents themselves, their chunks, their matches, or named parts of a multi-modal document. */
export interface PathStep {
  readonly select: 'r' | 'c' | 'm' | readonly string[];
  readonly slice: Slice;
}

/** Longest path text that is read; real ones have a handful of letters. */
const pathLengthMax = 1000;

/** Most steps of all paths together. Each may look at every document of a request, and real paths have one or two. */
const stepsMax = 32;

const stepPattern = /(?:(r|c|m)|\.\[([a-zA-Z_]\w*(?:,[a-zA-Z_]\w*)*)\])(?:\[([-\d:]+)\]|([-\d:]+))?/y;

/**
 * `parameters.access_paths` (or its older name `traversal_paths`, which wins, as in the Python server) by docarray
 * 0.21's grammar: `@r` (the default), `@c`, `@m`, `@cc`, `@r,c,m`, with slices `@c[0:2]`, `@r[-1]` and attributes
 * `@.[cover]`. The `@` may be left out. Throws `invalid_argument` for anything else, and for more than 32 steps.
 */
export function accessPaths(parameters: JsonObject): PathStep[][] {
  const value = parameters['traversal_paths'] ?? parameters['access_paths'] ?? '@r';
  if (typeof value !== 'string' || value.length > pathLengthMax) {
    throw new DomainError('invalid_argument', 'parameters.access_paths must be a short string such as "@r" or "@c".');
  }
  return parsePaths(value, value.replace(/\s+/g, '').replace(/^@/, ''));
}

function parsePaths(original: string, text: string): PathStep[][] {
  const paths: PathStep[][] = [];
  let steps: PathStep[] = [];
  let at = 0;
  for (let count = 1; ; count++) {
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(text);
    if (!match) throw badPath(original);
    if (count > stepsMax) throw tooManySteps();
    steps.push(stepOf(match, original));
    at = stepPattern.lastIndex;
    if (at < text.length && text[at] !== ',') continue;
    paths.push(steps);
    if (at >= text.length) return paths;
    steps = [];
    at += 1;
  }
}

function stepOf([, letter, attributes, bracketed, bare]: RegExpExecArray, original: string): PathStep {
  const slice = parseSlice(bracketed ?? bare ?? ':', original);
  if (letter === 'r' || letter === 'c' || letter === 'm') return { select: letter, slice };
  return { select: (attributes ?? '').split(','), slice };
}

/** A single number selects that one element; docarray's own reading of `[-1]` selects nothing, which helps no one. */
function parseSlice(text: string, original: string): Slice {
  const parts = text.split(':').map((part) => (part === '' ? undefined : Number(part)));
  const [start, stop, step] = parts;
  if (parts.length > 3 || parts.some((part) => part !== undefined && !Number.isInteger(part)) || step === 0) {
    throw badPath(original);
  }
  if (parts.length === 1 && start !== undefined) return { start, stop: start === -1 ? undefined : start + 1, step };
  return { start, stop, step };
}

function badPath(path: string): DomainError {
  return new DomainError(
    'invalid_argument',
    `The access path "${path}" is invalid. Use r (documents), c (chunks) and m (matches), e.g. "@r", "@c", "@r,m", "@c[0:2]".`,
  );
}

function tooManySteps(): DomainError {
  return new DomainError(
    'invalid_argument',
    `The access path has more than ${stepsMax} steps. Ask for fewer levels, or send several requests.`,
  );
}

/** The elements of `items` that a slice selects, by Python's rules for negative and missing bounds. */
export function slicedIndexes(length: number, { start, stop, step = 1 }: Slice): number[] {
  const lowest = step > 0 ? 0 : -1;
  const highest = step > 0 ? length : length - 1;
  const bound = (value: number | undefined, missing: number): number => {
    if (value === undefined) return missing;
    return Math.min(Math.max(value < 0 ? value + length : value, lowest), highest);
  };
  const from = bound(start, step > 0 ? lowest : highest);
  const to = bound(stop, step > 0 ? highest : lowest);
  const indexes: number[] = [];
  for (let index = from; step > 0 ? index < to : index > to; index += step) indexes.push(index);
  return indexes;
}
