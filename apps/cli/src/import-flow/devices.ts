import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The GPUs that a value of CUDA_VISIBLE_DEVICES gives to the replicas, by their numbers in the machine. */
export type VisibleDevices =
  | { readonly kind: 'inTurn'; readonly numbers: readonly number[] }
  /** Every replica saw all of them and took the one that `device` names, the first by default. */
  | { readonly kind: 'all'; readonly numbers: readonly number[] }
  | { readonly kind: 'unreadable'; readonly why: string };

const nvidiaSmiMsMax = 10_000;
const needsCount = 'it depends on the number of GPUs, and none is seen here; give it with --gpus';
const hasIds = 'GPUs are given by their ids (UUID); here they have numbers, see nvidia-smi -L';

/**
 * Parses `0,1`, `RR` (every GPU in turn), `RR0:2` (a Python slice of them), `RR[0:2]`, `RR1` and `RR0,2`, as jina 3
 * does.
 *
 * @param gpus how many GPUs the machine has; 0 = not known
 */
export function parseVisibleDevices(text: string, gpus: number): VisibleDevices {
  if (!text.startsWith('RR')) return plainList(text);
  const rest = text.slice(2).replace(/^\[([-\d:]+)\]$/, '$1');
  if (rest.includes(',')) return inTurn(rest.split(',').map((part) => wholeOf(part)));
  if (rest === '') return gpus > 0 ? inTurn(upTo(gpus)) : { kind: 'unreadable', why: needsCount };
  const parts = rest.split(':').map((part) => (part === '' ? undefined : wholeOf(part)));
  if (parts.length > 3 || parts.some(Number.isNaN)) return { kind: 'unreadable', why: hasIds };
  const [start, stop, step] = parts;
  if (parts.length === 1) return inTurn([start]);
  const isSure = stop !== undefined && stop >= 0 && (start ?? 0) >= 0 && (step ?? 1) > 0;
  if (!isSure && gpus === 0) return { kind: 'unreadable', why: needsCount };
  return inTurn(slice(upTo(gpus > 0 ? gpus : (stop ?? 0)), start, stop, step ?? 1));
}

/**
 * Counts the GPUs of the machine as the Python server does: by what `nvidia-smi` lists, else by CUDA_TOTAL_DEVICES. 0 =
 * not known.
 */
export async function countGpus(env: NodeJS.ProcessEnv): Promise<number> {
  const total = Number(env['CUDA_TOTAL_DEVICES'] ?? 0);
  const fallback = Number.isInteger(total) && total > 0 ? total : 0;
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['-L'], { env, timeout: nvidiaSmiMsMax });
    return stdout.split('\n').filter((line) => line.includes('UUID') && line.startsWith('GPU')).length;
  } catch {
    return fallback;
  }
}

function plainList(text: string): VisibleDevices {
  const numbers: number[] = [];
  for (const part of text.split(',').filter((entry) => entry.trim() !== '')) {
    const number = wholeOf(part);
    if (Number.isNaN(number)) return { kind: 'unreadable', why: hasIds };
    if (number < 0) break; // CUDA sees nothing from the first number on that does not exist
    numbers.push(number);
  }
  return { kind: 'all', numbers };
}

function inTurn(numbers: readonly (number | undefined)[]): VisibleDevices {
  const good = numbers.filter((number): number is number => number !== undefined && number >= 0);
  if (good.length < numbers.length) return { kind: 'unreadable', why: hasIds };
  if (good.length === 0) return { kind: 'unreadable', why: 'it names no GPU of this machine' };
  return { kind: 'inTurn', numbers: good };
}

/** NaN for what is no whole number. */
function wholeOf(text: string): number {
  return /^\s*-?\d{1,4}\s*$/.test(text) ? Number(text) : Number.NaN;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

/** Python's `numbers[start:stop:step]`, for a step above 0. */
function slice(
  numbers: readonly number[],
  start: number | undefined,
  stop: number | undefined,
  step: number,
): number[] {
  return step < 1 ? [] : numbers.slice(start, stop).filter((_, at) => at % step === 0);
}
