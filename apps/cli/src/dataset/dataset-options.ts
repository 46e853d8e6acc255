import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  DATASET_FORMATS,
  type DatasetFormat,
  OUTPUT_FORMATS,
  type OutputFormat,
  parseShard,
  type Shard,
} from '#dataset';
import { DomainError } from '#core';
import type { CommonOptions } from '../command-tools.js';
import { wholeNumber } from '../commands/option-values.js';

/** What `cas encode-dataset` takes. */
export interface DatasetOptions extends CommonOptions {
  readonly out: string;
  readonly to: OutputFormat;
  readonly partRows: number;
  readonly format?: DatasetFormat;
  readonly only?: 'images' | 'texts';
  readonly imageField?: string;
  readonly textField?: string;
  readonly idField?: string;
  readonly fetch?: true;
  readonly s3Endpoint?: string;
  readonly shard?: Shard;
  readonly shards?: number;
  readonly badRowsMax?: number;
  readonly model?: string;
  readonly server?: string;
  readonly device: string;
  readonly threads: number;
}

/** 4 MB of vectors of 512 numbers: little memory, and little to do again after a kill. */
const PART_ROWS = 2_048;
const PART_ROWS_MAX = 65_536;

const EXAMPLES = `
Sources: a folder of pictures and .txt files; .tar (webdataset), .parquet, .jsonl, .csv or .tsv files, or a folder of them;
one .txt file with a text a line; the same in a bucket: s3://bucket/prefix.

Stopped or killed, the same command goes on where it was. Bad rows are listed in DIR/_bad-*.jsonl with the reason.

Examples:
  cas encode-dataset photos --out vectors
  cas encode-dataset captions.parquet --text-field caption --id-field uid --out vectors
  cas encode-dataset s3://photos/2026 --out vectors --shard 0/8
  cas encode-dataset photos --out vectors --server http://127.0.0.1:51000`;

/** Adds the options of `cas encode-dataset` to its command. */
export function addDatasetOptions(command: Command): void {
  command
    .requiredOption('--out <folder>', 'Where the vectors go; made if missing')
    .addOption(new Option('--to <format>', 'How vectors are written').choices(OUTPUT_FORMATS).default('parquet'))
    .option('--part-rows <count>', `Rows of one file, at most ${PART_ROWS_MAX}`, partRows, PART_ROWS)
    .addOption(new Option('--format <format>', 'What SOURCE is, instead of by names').choices(DATASET_FORMATS))
    .addOption(new Option('--only <kind>', 'Of a folder, only these').choices(['images', 'texts']))
    .addOption(
      new Option('--image-field <name>', 'Column, field or extension (tar) with the pictures').conflicts('textField'),
    )
    .option('--text-field <name>', 'Column, field or extension (tar) with the texts')
    .option('--id-field <name>', 'Column or field that names a row; else file:row')
    .option('--fetch', 'Fetch pictures that are http(s) addresses; public hosts only')
    .option('--s3-endpoint <url>', 'The S3-compatible store of an s3:// source (or AWS_ENDPOINT_URL_S3)', httpUrl)
    .addOption(new Option('--shard <i/n>', 'Do the part i (from 0) of n').argParser(shard).conflicts('shards'))
    .option('--shards <n>', 'Do the part JOB_COMPLETION_INDEX of n, as a Kubernetes Indexed Job counts', wholeNumber)
    .option('--bad-rows-max <count>', 'Stop when more rows than this are bad', wholeNumber)
    .option('--model <name>', 'The model; default mini-clip, or with --server its default')
    .addOption(
      new Option('--server <url>', 'Encode by a running service (token: CLIP_AUTH_TOKEN) instead of in this process')
        .argParser(httpUrl)
        .conflicts(['device', 'threads']),
    )
    .option('--device <device>', 'Where the model runs: cpu, cuda:0, tensorrt:0 …', 'cpu')
    .option('--threads <count>', 'CPU cores that a run may use', wholeNumber, availableParallelism())
    .addHelpText('after', EXAMPLES);
}

/**
 * The shard that the options ask for.
 *
 * @throws DomainError `invalid_argument` for `--shards` without a valid JOB_COMPLETION_INDEX
 */
export function shardOf(options: Pick<DatasetOptions, 'shard' | 'shards'>, env: NodeJS.ProcessEnv): Shard {
  if (options.shards === undefined) return options.shard ?? { index: 0, count: 1 };
  const { JOB_COMPLETION_INDEX: index } = env;
  if (index === undefined || index === '') {
    throw new DomainError(
      'invalid_argument',
      '--shards takes the part from JOB_COMPLETION_INDEX, which an Indexed Job sets and which is not set here. Use --shard i/n.',
    );
  }
  return parseShard(`${index}/${options.shards}`);
}

function shard(text: string): Shard {
  try {
    return parseShard(text);
  } catch (err) {
    throw new InvalidArgumentError(err instanceof Error ? err.message : '');
  }
}

function httpUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('It must be an address such as http://127.0.0.1:51000.');
}

function partRows(text: string): number {
  const rows = wholeNumber(text);
  if (rows <= PART_ROWS_MAX) return rows;
  throw new InvalidArgumentError(`It must be at most ${PART_ROWS_MAX}.`);
}
