import { readFile } from 'node:fs/promises';
import { DomainError } from '#core';

/** A JSON object of unknown content, as a file of a model folder is until each field has been checked. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one JSON file of a model folder. Rejects with `unavailable` when the file is missing or is not a JSON object.
 * `label` names the file to callers; the path goes to the log only.
 *
 * @example
 * const config = await readFields(join(folder, 'config.json'), 'config.json');
 */
export async function readFields(path: string, label: string): Promise<Fields> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw modelBroken(`${label} cannot be read`, `${path}: ${String(cause)}`);
  });
  return parseFields(content, path, label);
}

/**
 * Makes the error for broken model files. An operator has to replace them; callers can only wait or choose another
 * model.
 *
 * @example
 * throw modelBroken('config.json names no projection_dim', path); // the path goes to the log only
 */
export function modelBroken(what: string, internal: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model cannot be loaded: ${what}. Put complete model files in its folder.`,
    {
      internal,
    },
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns `value` if it is an object, else an empty one: a missing part of a configuration sets nothing. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Returns the first of `values` that is a finite number. */
export function firstNumber(...values: unknown[]): number | undefined {
  return values.find((value): value is number => typeof value === 'number' && Number.isFinite(value));
}

function parseFields(content: string, path: string, label: string): Fields {
  try {
    const parsed: unknown = JSON.parse(content);
    if (isFields(parsed)) return parsed;
  } catch (cause) {
    throw modelBroken(`${label} is not valid JSON`, `${path}: ${String(cause)}`);
  }
  throw modelBroken(`${label} does not hold a JSON object`, path);
}
