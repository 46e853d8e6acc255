import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchModel } from '../options.js';

export const USAGE = `npm run bench:gpu -- --model FOLDER [--half FOLDER] [--device cuda:0] [--quick] [--document FILE] [--json FILE]

  --model FOLDER    a model folder of true size, e.g. one of npm run export; with golden.json its vectors are checked
  --half FOLDER     the same model in half precision, checked beside it
  --device DEVICE   cuda:N or tensorrt:N (default cuda:0); cpu tries this command itself out, on any machine
  --quick           one short run of each load
  --document FILE   where the report goes (default .cache/gpu-report.md)
  --json FILE       where its figures go (default .cache/gpu-report.json)`;

/** What is checked and measured on a GPU, and where the report goes. */
export interface GpuBenchOptions {
  /** `cuda:0`, as CAS_DEVICES has it. */
  readonly device: string;
  readonly model: BenchModel;
  /** The same model in half precision. */
  readonly half: BenchModel | undefined;
  readonly documentFile: string;
  readonly jsonFile: string;
  readonly warmUpMs: number;
  readonly runMs: number;
  readonly repeats: number;
}

/**
 * Reads the command line; undefined when it asks for help. Throws, in words for whoever typed it, on what it cannot
 * read.
 */
export function parseGpuOptions(args: string[], root: string): GpuBenchOptions | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    gpu: flag,
    help: flag,
    quick: flag,
    model: text,
    half: text,
    device: text,
    document: text,
    json: text,
  };
  const { values } = parseArgs({ args, options });
  if (values.help) return undefined;
  if (values.model === undefined) throw new Error('--model FOLDER is missing: which model is to run on the card?');
  const device = values.device ?? 'cuda:0';
  if (!/^(cpu|(cuda|tensorrt):\d+)$/.test(device))
    throw new Error(`--device wants cuda:N or tensorrt:N, not ${device}`);
  return {
    device,
    model: modelIn(values.model),
    half: values.half === undefined ? undefined : modelIn(values.half),
    documentFile: resolve(root, values.document ?? '.cache/gpu-report.md'),
    jsonFile: resolve(root, values.json ?? '.cache/gpu-report.json'),
    ...(values.quick ? { warmUpMs: 300, runMs: 1_000, repeats: 1 } : { warmUpMs: 1_000, runMs: 5_000, repeats: 3 }),
  };
}

function modelIn(path: string): BenchModel {
  const folder = resolve(path);
  return { name: basename(folder), folder, parent: dirname(folder), isEmbedded: false };
}
