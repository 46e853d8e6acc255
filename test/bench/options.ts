import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [--quick] [--model FOLDER] [--peer FOLDER] [--json FILE] [--document FILE] [--only TEXT]

  --quick             a few minutes: one short run of each load, the slowest left out, one model
  --model FOLDER      a model folder to measure beside the embedded one (with --quick: instead of it); may be given
                      several times
  --seconds NUMBER    how long each run of a load takes (default 2, with --quick 1)
  --repeats NUMBER    how often each load runs (default 2, with --quick 1); with 1, a whole run of a model of true size
                      takes about three quarters of the time
  --peer FOLDER       also measure the Python server: FOLDER holds run_peer.sh, and \`run_peer.sh all PORT onnx MODEL\`
                      serves gRPC, HTTP and WebSocket on PORT and the two after it until SIGTERM
                      (default: BENCH_PEER; needs a model whose textual.onnx takes int32 ids and a mask)
  --no-peer           without it, whatever BENCH_PEER says
  --json FILE         also write the figures as a list of
                      {case, itemsPerSecond, p50Ms, p99Ms, bareItemsPerSecond, ratioToBare}
  --document FILE     where the report goes (default docs/benchmark.md; with --quick or --only: nowhere)
  --only TEXT         only loads whose name contains TEXT, e.g. text/clip.v1, 32x1, bulk or overload
  --tokens COUNT      instead: a flood of COUNT made-up tokens of either kind, and what it does to a good caller
  --set NAME=VALUE    a setting of our server, e.g. CAS_REPLICAS=2; may be given several times
  --profile FOLDER    run the server with --cpu-prof and leave its profiles in FOLDER`;

/** A model to measure: a folder with `visual.onnx`, `textual.onnx` and the rest. */
export interface BenchModel {
  readonly name: string;
  readonly folder: string;
  /** The folder that holds it, which the service wants to know. */
  readonly parent: string;
  readonly isEmbedded: boolean;
}

/** What is measured, how long and how often each load runs, and where the figures go. */
export interface BenchOptions {
  readonly quick: boolean;
  readonly only: string;
  readonly models: readonly BenchModel[];
  /** Where the Python server is started from. */
  readonly peerFolder: string | undefined;
  readonly jsonFile: string | undefined;
  readonly documentFile: string | undefined;
  readonly profileFolder: string | undefined;
  /** How many made-up tokens to send instead of measuring loads. */
  readonly tokens: number | undefined;
  /** Settings of our server beyond those of the benchmark. */
  readonly settings: Readonly<Record<string, string>>;
  readonly warmUpMs: number;
  readonly runMs: number;
  readonly repeats: number;
}

/** Reads the command line; undefined when it asks for help. Throws on options that it does not know. */
export function parseOptions(args: string[], root: string, env: NodeJS.ProcessEnv): BenchOptions | undefined {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true, default: [] as string[] } as const;
  const flag = { type: 'boolean', default: false } as const;
  const files = {
    json: text,
    document: text,
    profile: text,
    peer: text,
    seconds: text,
    repeats: text,
    model: texts,
    set: texts,
  };
  const { values } = parseArgs({
    args,
    options: {
      ...files,
      help: flag,
      quick: flag,
      'no-peer': flag,
      only: text,
      tokens: text,
    },
  });
  if (values.help) return undefined;
  if (values.peer && values.model.length === 0)
    throw new Error('--peer needs --model: the Python server cannot read the embedded one.');
  const isWhole = !values.quick && !values.only;
  const document = values.document ?? (isWhole ? 'docs/benchmark.md' : undefined);
  const inRoot = (path: string | undefined) => (path === undefined ? undefined : resolve(root, path));
  const embedded = resolve(root, 'models/mini-clip');
  const given = values.model.map((folder) => resolve(folder));
  const folders = new Set(values.quick && given.length > 0 ? given : [embedded, ...given]);
  return {
    quick: values.quick,
    only: values.only ?? '',
    models: [...folders].map((folder) => modelIn(folder, folder === embedded)),
    peerFolder: values['no-peer'] ? undefined : inRoot(values.peer ?? env['BENCH_PEER']),
    jsonFile: inRoot(values.json),
    documentFile: inRoot(document),
    profileFolder: inRoot(values.profile),
    settings: Object.fromEntries(values.set.map(settingOf)),
    tokens: values.tokens === undefined ? undefined : Number(values.tokens),
    warmUpMs: values.quick ? 300 : 700,
    runMs: 1_000 * aboveZero('--seconds', values.seconds ?? (values.quick ? '1' : '2')),
    repeats: Math.ceil(aboveZero('--repeats', values.repeats ?? (values.quick ? '1' : '2'))),
  };
}

function aboveZero(option: string, given: string): number {
  const value = Number(given);
  if (value > 0 && value < Infinity) return value;
  throw new Error(`${option} wants a number above 0, not ${given}`);
}

function settingOf(given: string): [name: string, value: string] {
  const [, name, value] = /^(CAS_[A-Z_]+)=(.*)$/.exec(given) ?? [];
  if (name === undefined || value === undefined) throw new Error(`--set wants CAS_NAME=VALUE, not ${given}`);
  return [name, value];
}

function modelIn(folder: string, isEmbedded: boolean): BenchModel {
  return { name: basename(folder), folder, parent: dirname(folder), isEmbedded };
}
