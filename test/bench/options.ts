import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [--quick] [--json FILE] [--document FILE] [--only TEXT] [--profile FOLDER]

  --quick            a minute instead of ten: fewer loads, one short run each
  --json FILE        also write the figures as a list of
                     {case, itemsPerSecond, p50Ms, p99Ms, bareItemsPerSecond, ratioToBare}
  --document FILE    where the report goes (default docs/benchmark.md; with --quick or --only: nowhere)
  --only TEXT        only loads whose name contains TEXT, e.g. text/clip.v1 or 32x1
  --tokens COUNT     instead: a flood of COUNT made-up tokens of either kind, and what it does to a good caller
  --profile FOLDER   run the server with --cpu-prof and leave its profiles in FOLDER`;

/** How long and how often each load runs, and where the figures go. */
export interface BenchOptions {
  readonly quick: boolean;
  readonly only: string;
  readonly jsonFile: string | undefined;
  readonly documentFile: string | undefined;
  readonly profileFolder: string | undefined;
  /** How many made-up tokens to send instead of measuring loads. */
  readonly tokens: number | undefined;
  readonly warmUpMs: number;
  readonly runMs: number;
  readonly repeats: number;
}

/** Reads the command line; undefined when it asks for help. Throws on options that it does not know. */
export function parseOptions(args: string[], root: string): BenchOptions | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: { help: flag, quick: flag, json: text, document: text, only: text, profile: text, tokens: text },
  });
  if (values.help) return undefined;
  const isWhole = !values.quick && !values.only;
  const document = values.document ?? (isWhole ? 'docs/benchmark.md' : undefined);
  const inRoot = (path: string | undefined) => (path === undefined ? undefined : resolve(root, path));
  return {
    quick: values.quick,
    only: values.only ?? '',
    jsonFile: inRoot(values.json),
    documentFile: inRoot(document),
    profileFolder: inRoot(values.profile),
    tokens: values.tokens === undefined ? undefined : Number(values.tokens),
    ...(values.quick ? { warmUpMs: 300, runMs: 1_000, repeats: 1 } : { warmUpMs: 700, runMs: 2_000, repeats: 3 }),
  };
}
