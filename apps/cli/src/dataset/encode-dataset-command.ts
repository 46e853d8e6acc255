import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { DatasetSource, Progress, VectorEncoder } from '#dataset';
import { systemClock } from '#core';
import type { CommandTools } from '../command-tools.js';
import { addDatasetOptions, type DatasetOptions, shardOf } from './dataset-options.js';
import { imageFetcher } from './image-fetcher.js';
import { openEncoder } from './open-encoder.js';
import { RowProgress } from './row-progress.js';

/** `cas encode-dataset`: a whole data set into files of vectors, on one machine or a part of it on each of many. */
export function addEncodeDatasetCommand(program: Command, tools: CommandTools): void {
  const command = program
    .command('encode-dataset <source>')
    .description('Encodes the pictures or texts of a data set into files of vectors; goes on where it was stopped');
  addDatasetOptions(command);
  command.action(async (source: string) => {
    tools.requireHost(command);
    await encodeDataset(command, tools, source);
  });
}

async function encodeDataset(command: Command, tools: CommandTools, source: string): Promise<void> {
  const options = tools.optionsOf<DatasetOptions>(command);
  const { env, cwd } = tools.surroundings;
  const shard = shardOf(options, env);
  const { openSource } = await import('#dataset');
  const fetcher = options.fetch ? imageFetcher() : undefined;
  const rows = await openSource({
    ...options,
    source: isBucket(source) ? source : resolve(cwd, source),
    endpoint: options.s3Endpoint,
    fetchImage: fetcher?.fetch,
  });
  try {
    const encoder = await openEncoder(command, tools, options);
    try {
      await run(command, tools, { source, options, rows, encoder, shard });
    } finally {
      await encoder.close();
    }
  } finally {
    await rows.close();
    await fetcher?.close();
  }
}

interface Run {
  readonly source: string;
  readonly options: DatasetOptions;
  readonly rows: DatasetSource;
  readonly encoder: VectorEncoder;
  readonly shard: ReturnType<typeof shardOf>;
}

async function run(command: Command, tools: CommandTools, work: Run): Promise<void> {
  const { options, rows, encoder, shard } = work;
  const { stderr, stdout, cwd } = tools.surroundings;
  const isJson = options.json === true;
  const shown = new RowProgress(stderr.isTTY && !isJson ? stderr : undefined, systemClock);
  const { encodeShard } = await import('#dataset');
  const done = await encodeShard({
    ...{ tables: rows.tables, encoder, shard },
    ...{ folder: resolve(cwd, options.out), format: options.to, partRows: options.partRows },
    badRowsMax: options.badRowsMax,
    description: descriptionOf(work),
    onProgress: (progress) => shown.update(progress),
    onPart: (progress) => {
      if (isJson) stdout.write(`${JSON.stringify({ event: 'part', ...counts(progress) })}\n`);
    },
  });
  shown.end();
  const { rows: vectors, badRows, parts } = done;
  const bad = badRows > 0 ? ` ${badRows} bad rows are listed in ${options.out}/_bad-*.jsonl.` : '';
  tools.answer(command, {
    json: { event: 'done', ...counts(done), model: encoder.model, dimension: encoder.dimension },
    text: `${vectors} vectors of ${encoder.dimension} numbers in ${parts} parts in ${options.out}.${bad}`,
  });
}

function counts({ parts, rows, badRows }: Progress): Readonly<Record<string, number>> {
  return { parts, rows, badRows };
}

/** All that decides which vector stands where; who goes on with a folder must say the same. */
function descriptionOf({
  source,
  options,
  rows,
  encoder,
  shard,
}: Run): Readonly<Record<string, string | number | null>> {
  const { only, imageField, textField, idField, to, partRows } = options;
  return {
    ...{ source, format: rows.format, only: only ?? null },
    ...{ imageField: imageField ?? null, textField: textField ?? null, idField: idField ?? null },
    ...{ model: encoder.model, dimension: encoder.dimension, to, partRows, shards: shard.count },
  };
}

function isBucket(source: string): boolean {
  return /^s3:\/\//i.test(source);
}
