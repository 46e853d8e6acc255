import { DomainError } from '#core';
import type { EncodeOutcome, VectorEncoder } from '../encode/vector-encoder.js';
import { claimFolder, type Description, isSame } from '../output/description-file.js';
import { type OutputFormat, PartBuilder } from '../output/part.js';
import { shardName, writePart } from '../output/part-files.js';
import { type LastRow, type Progress, readProgress, writeProgress } from '../output/progress-file.js';
import { makeOutputFolder, removeTemporary } from '../output/whole-file.js';
import type { SourceTable } from '../rows/source-row.js';
import { batchesOf, type PlacedRow, type RowBatch } from './batches.js';
import type { Shard } from '../rows/shard.js';
import { shardRows } from './shard-rows.js';

/** One worker's part of the work. */
export interface ShardJob {
  readonly tables: readonly SourceTable[];
  readonly encoder: VectorEncoder;
  readonly shard: Shard;
  /** Where the output goes; made if missing. */
  readonly folder: string;
  readonly format: OutputFormat;
  /** Rows of the source that one part covers, bad ones included. */
  readonly partRows: number;
  /** What tells this output from another one. */
  readonly description: Description;
  /** Stops the work when more rows than this are bad; unset = never. */
  readonly badRowsMax?: number | undefined;
  readonly onProgress?: (progress: Progress & { readonly rowsAhead: number }) => void;
  /** Is told of every part when it counts. */
  readonly onPart?: (progress: Progress) => void;
}

/** A first part of at least this many rows, all of them bad, is a mistake in the options rather than in the rows. */
const ALL_BAD_ROWS = 100;

/**
 * Encodes what is left of a shard, part by part. It may be killed at any time and started again: a part counts when the
 * progress file says so, every part covers the same rows whenever it is made, and is renamed into place whole, so
 * nothing is lost and nothing is doubled. Holds one part and the batches on the way, whatever the size of the source.
 *
 * @throws DomainError `conflict` when the folder holds another output or the source has changed; what the encoder and
 *   the source throw; `invalid_argument` when too many rows are bad
 */
export async function encodeShard(job: ShardJob): Promise<Progress> {
  const { folder, shard, encoder } = job;
  await makeOutputFolder(folder);
  await claimFolder(folder, job.description);
  const before = await readProgress(folder, shard);
  if (before.isDone) return before;
  const run = new ShardRun(job, before);
  const batches = batchesOf(shardRows(job.tables, shard, before.last), encoder.batchItemsMax);
  const underWay: { batch: RowBatch; outcomes: Promise<readonly EncodeOutcome[]> }[] = [];
  const settleFirst = async (): Promise<void> => {
    const first = underWay.shift();
    if (first) await run.take(first.batch, await first.outcomes);
  };
  for await (const batch of batches) {
    const outcomes = batch.items.length > 0 ? encoder.encode(batch.items) : Promise.resolve([]);
    // Its rejection is seen when its turn comes.
    outcomes.catch(() => undefined);
    underWay.push({ batch, outcomes });
    if (underWay.length >= encoder.batchesAtOnce) await settleFirst();
  }
  while (underWay.length > 0) await settleFirst();
  const progress = await run.finish();
  await removeTemporary(folder, shardName(shard));
  return progress;
}

/** Puts outcomes into parts and writes them. */
class ShardRun {
  private readonly part: PartBuilder;
  private last: LastRow | null;

  constructor(
    private readonly job: ShardJob,
    private progress: Progress,
  ) {
    this.part = new PartBuilder(job.partRows, job.encoder.dimension, job.encoder.model);
    this.last = progress.last;
  }

  async take({ rows }: RowBatch, outcomes: readonly EncodeOutcome[]): Promise<void> {
    let at = 0;
    for (const row of rows) {
      const outcome: EncodeOutcome | undefined =
        'error' in row.content ? { ok: false, error: row.content.error } : outcomes[at++];
      if (!outcome) throw new Error('an item has no outcome');
      this.add(row, outcome);
      if (this.part.isFull) await this.write(false);
    }
    this.job.onProgress?.({ ...this.progress, rowsAhead: this.part.rows });
  }

  async finish(): Promise<Progress> {
    await this.write(true);
    return this.progress;
  }

  private add({ id, file, row, table }: PlacedRow, outcome: EncodeOutcome): void {
    this.last = { table, file, row, id };
    if (outcome.ok) {
      this.part.add(id, outcome.embedding);
      return;
    }
    const { code, message: reason } = outcome.error;
    this.part.addBad({ id, file, row, code, reason });
    const bad = this.progress.badRows + this.part.badRows.length;
    const { badRowsMax } = this.job;
    if (badRowsMax !== undefined && bad > badRowsMax)
      throw new DomainError(
        'invalid_argument',
        `More than ${badRowsMax} rows are bad; the last one (${id}): ${reason}`,
      );
  }

  private async write(isLast: boolean): Promise<void> {
    const { part, job, progress } = this;
    const [first] = part.badRows;
    if (first && progress.parts === 0 && part.rows >= ALL_BAD_ROWS && part.badRows.length === part.rows) {
      throw new DomainError(
        'invalid_argument',
        `None of the first ${part.rows} rows can be encoded; the first one (${first.id}): ${first.reason}`,
      );
    }
    await isSame(job.folder, job.description);
    const { folder, shard, format } = job;
    if (part.rows > 0) await writePart({ folder, shard, format, part: progress.parts }, part.content, part.badRows);
    this.progress = {
      parts: progress.parts + (part.rows > 0 ? 1 : 0),
      rows: progress.rows + part.content.ids.length,
      badRows: progress.badRows + part.badRows.length,
      last: this.last,
      isDone: isLast,
    };
    await writeProgress(folder, shard, this.progress);
    const isNewPart = part.rows > 0;
    part.clear();
    if (isNewPart) job.onPart?.(this.progress);
  }
}
