import { readFile } from 'node:fs/promises';
import { DomainError } from '#core';

/** A JSON object of unknown content: what a model folder's files are until each field has been looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one JSON file of a model folder. Throws `unavailable` when it is missing or is not a JSON object; the path goes
 * to the log only.
 */
export async function readFields(path: string, label: string): Promise<Fields> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw modelBroken(`${label} cannot be read`, `${path}: ${String(cause)}`);
  });
  return parseFields(content, path, label);
}

/** An error about the files of a model: an operator has to mend them, callers can only wait or choose another model. */
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

/** `value` as an object, or an empty one: absent parts of a configuration read as "nothing set". */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The first of `values` that is a finite number. */
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
