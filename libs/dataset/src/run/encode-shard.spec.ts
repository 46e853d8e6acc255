import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../formats/open-source.js';
import type { Progress } from '../output/progress-file.js';
import { parseShard, rowsOfShard } from '../rows/shard.js';
import { ScriptedEncoder } from '../testing/scripted-encoder.js';
import { SourceFolder } from '../testing/source-folder.js';
import { encodeShard, type ShardJob } from './encode-shard.js';

const ROWS = 300;
const texts = (rows = ROWS): string => Array.from({ length: rows }, (_, row) => `text ${row}`).join('\n');

async function encode(source: SourceFolder, job: Partial<ShardJob> = {}): Promise<Progress> {
  const { tables, close } = await openSource({ source: source.source });
  try {
    return await encodeShard({
      ...{ tables, folder: source.out, format: 'npy', partRows: 40, encoder: new ScriptedEncoder() },
      ...{ shard: { index: 0, count: 1 }, description: { model: 'scripted', shards: job.shard?.count ?? 1 } },
      ...job,
    });
  } finally {
    await close();
  }
}

/** The first number of every vector of an output, and the ids, both in the order of the parts. */
function read(source: SourceFolder): { ids: string[]; firsts: number[] } {
  const names = readdirSync(source.out).filter((name) => name.endsWith('.npy'));
  const firsts = names.sort().flatMap((name) => {
    const file = readFileSync(join(source.out, name));
    const numbers = new Float32Array(Uint8Array.from(file.subarray(128)).buffer);
    return Array.from(numbers).filter((_, at) => at % 2 === 0);
  });
  return { ids: source.lines<string>('part-'), firsts };
}

describe('encoding a shard', () => {
  it('writes every row once, in order, its vector beside its name', async () => {
    using source = new SourceFolder({ 'texts.txt': texts() });
    const done = await encode(source);

    expect(done).toMatchObject({ parts: 8, rows: ROWS, badRows: 0, isDone: true });
    const { ids, firsts } = read(source);
    expect(ids).toEqual(Array.from({ length: ROWS }, (_, row) => `texts.txt:${row}`));
    expect(firsts).toEqual(Array.from({ length: ROWS }, (_, row) => `text ${row}`.length));
  });

  it('goes on after every kind of stop with nothing lost and nothing doubled', async () => {
    using source = new SourceFolder({
      'a/texts.txt': texts(100),
      'b/texts.txt': texts(50),
      'b/more.txt': 'bad\n'.repeat(9),
    });
    using whole = new SourceFolder({
      'a/texts.txt': texts(100),
      'b/texts.txt': texts(50),
      'b/more.txt': 'bad\n'.repeat(9),
    });
    const lines = async (of: SourceFolder, job: Partial<ShardJob>): Promise<Progress> => {
      const { tables, close } = await openSource({ source: of.source, format: 'lines' });
      return encode(of, { ...job, tables }).finally(close);
    };
    await lines(whole, {});
    let stops = 0;
    for (let batches = 3; ; batches += 3) {
      const run = lines(source, { encoder: new ScriptedEncoder(batches) });
      const stopped = await run.then(
        () => false,
        () => true,
      );
      if (!stopped) break;
      stops += 1;
    }

    expect(stops).toBeGreaterThan(2);
    expect(read(source)).toEqual(read(whole));
    expect(source.lines('_bad-')).toEqual(whole.lines('_bad-'));
    expect(source.lines('_bad-')).toHaveLength(9);
    expect(readdirSync(source.out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('makes a part again that was written and did not count yet', async () => {
    using source = new SourceFolder({ 'texts.txt': texts() });
    await encode(source);
    const before = read(source);
    const progress = join(source.out, '_progress-00000-of-00001.json');
    const last = { table: 0, file: 'texts.txt', row: 79, id: 'texts.txt:79' };
    writeFileSync(progress, JSON.stringify({ parts: 2, rows: 80, badRows: 0, last, isDone: false }));
    await encode(source);

    expect(read(source)).toEqual(before);
  });

  it('does nothing when all is done', async () => {
    using source = new SourceFolder({ 'texts.txt': texts() });
    await encode(source);

    expect(await encode(source, { encoder: new ScriptedEncoder(0) })).toMatchObject({ rows: ROWS, isDone: true });
  });

  it.each([1, 2, 3, 7])('gives every row to one of %i shards', async (count) => {
    using source = new SourceFolder({ 'texts.txt': texts() });
    for (let index = 0; index < count; index++) await encode(source, { shard: { index, count } });

    const { ids } = read(source);
    expect(ids).toHaveLength(ROWS);
    expect(new Set(ids).size).toBe(ROWS);
  });

  it('lists rows that cannot be encoded with where they are and why', async () => {
    using source = new SourceFolder({ 'rows.jsonl': '{"text": "a"}\n{"text": "bad"}\nno\n{"text": "b"}' });
    const done = await encode(source);

    expect(done).toMatchObject({ rows: 2, badRows: 2 });
    expect(read(source).ids).toEqual(['rows.jsonl:0', 'rows.jsonl:3']);
    expect(source.lines('_bad-')).toEqual([
      { id: 'rows.jsonl:1', file: 'rows.jsonl', row: 1, code: 'invalid_argument', reason: 'The text is bad.' },
      {
        id: 'rows.jsonl:2',
        file: 'rows.jsonl',
        row: 2,
        code: 'invalid_argument',
        reason: 'The line is not a JSON object.',
      },
    ]);
  });

  it('stops when more rows are bad than allowed, or all of the first part', async () => {
    using source = new SourceFolder({ 'texts.txt': `a\n${'bad\n'.repeat(200)}` });
    await expect(encode(source, { badRowsMax: 5 })).rejects.toThrow(/More than 5 rows are bad/);
    using hopeless = new SourceFolder({ 'texts.txt': 'bad\n'.repeat(200) });
    await expect(encode(hopeless, { partRows: 100 })).rejects.toThrow(/None of the first 100 rows.*The text is bad/);
  });

  it('refuses a folder with another output, and a source that is no longer the same', async () => {
    using source = new SourceFolder({ 'texts.txt': texts() });
    await expect(encode(source, { encoder: new ScriptedEncoder(12) })).rejects.toThrow('The power went out.');

    await expect(encode(source, { description: { model: 'other', shards: 1 } })).rejects.toThrow(
      /another output \(model scripted, not other\)/,
    );
    source.write('texts.txt', texts(10));
    await expect(encode(source)).rejects.toThrow(/The source has changed/);
  });
});

describe('a shard', () => {
  it.each(['8/8', '1', 'a/b', '-1/2', '0/0', '1/100000'])('is not %s', (text) => {
    expect(() => parseShard(text)).toThrow(/written i\/n/);
  });

  it('gets whole files where there are many, and blocks of rows where there are few', () => {
    const owners = (table: number, tables: number, row: number): number[] =>
      [0, 1, 2].filter((index) => rowsOfShard({ index, count: 3 }, table, tables)?.(row));

    expect([0, 64, 1000].map((row) => owners(4, 12, row))).toEqual([[1], [1], [1]]);
    expect([0, 63, 64, 128, 192].map((row) => owners(0, 1, row))).toEqual([[0], [0], [1], [2], [0]]);
  });
});
