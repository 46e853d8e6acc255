import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import S3rver from 's3rver';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transformersRepository } from '../support/model-repositories.js';
import { repositoryRoot, type RunningServer, startServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';

const ENTRY = join(repositoryRoot, 'dist/apps/cli/src/main.js');
const FIXTURES = join(repositoryRoot, 'test/fixtures');

/** Two models: mini-clip, and one of three numbers that takes no time. */
let modelDir: string;
let cas: CasCommand;
beforeAll(() => {
  modelDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
  symlinkSync(join(repositoryRoot, 'models/mini-clip'), join(modelDir, 'mini-clip'));
  for (const [path, content] of Object.entries(transformersRepository())) {
    mkdirSync(dirname(join(modelDir, 'tiny', path)), { recursive: true });
    writeFileSync(join(modelDir, 'tiny', path), content);
  }
});
afterAll(() => rmSync(modelDir, { recursive: true }));
beforeEach(() => (cas = new CasCommand({ CAS_MODEL_DIR: modelDir })));
afterEach(() => cas[Symbol.dispose]());

function write(name: string, content: string): void {
  mkdirSync(dirname(join(cas.folder, name)), { recursive: true });
  writeFileSync(join(cas.folder, name), content);
}

const captions = (rows: number): string =>
  Array.from({ length: rows }, (_, row) => `{"uid": "row-${row}", "caption": "cat number ${row}"}\n`).join('');

interface Row {
  readonly id: string;
  readonly embedding: readonly number[];
}

/** All rows of the Parquet files of an output, in the order of their names. */
async function rowsOf(out: string): Promise<Row[]> {
  const folder = join(cas.folder, out);
  const rows: Row[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.parquet')) continue;
    const file = await asyncBufferFromFile(join(folder, name));
    rows.push(...((await parquetReadObjects({ file, compressors })) as unknown as Row[]));
  }
  return rows;
}

/** Starts the command and kills it with SIGKILL as soon as it says that a part is done; resolves when it is dead. */
async function killedAfterAPart(args: readonly string[]): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: cas.folder, CAS_MODEL_DIR: modelDir };
  const child: ChildProcess = spawn(process.execPath, [ENTRY, ...args, '--json'], { cwd: cas.folder, env });
  const dead = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ event: 'part' });
    child.kill('SIGKILL');
  }
  expect(await dead).toBe('SIGKILL');
}

describe('cas encode-dataset', () => {
  it('killed with -9 again and again, over several shards, gives every row once and lists the bad ones', async () => {
    const lines = captions(3_000).split('\n');
    lines[1_234] = '{"uid": "row-1234", "caption": ""}';
    write('captions.jsonl', lines.join('\n'));
    const options = ['--model', 'tiny', '--id-field', 'uid', '--out', 'out', '--part-rows', '200', '--threads', '1'];
    const shard = (at: number): string[] => ['encode-dataset', 'captions.jsonl', ...options, '--shard', `${at}/2`];
    await killedAfterAPart(shard(0));
    await killedAfterAPart(shard(0));
    const ends = [await cas.run([...shard(0), '--json']), await cas.run([...shard(1), '--json'])];

    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const ids = (await rowsOf('out')).map(({ id }) => id);
    expect(ids).toHaveLength(2_999);
    expect(new Set(ids).size).toBe(2_999);
    const bad = readdirSync(join(cas.folder, 'out')).filter((name) => name.startsWith('_bad-'));
    expect(bad.map((name) => JSON.parse(readFileSync(join(cas.folder, 'out', name), 'utf8')) as unknown)).toEqual([
      expect.objectContaining({ id: 'row-1234', row: 1234, reason: 'The text is empty.' }),
    ]);
    expect((await cas.run(shard(0))).stdout).toMatch(/^\d+ vectors of 3 numbers in 8 parts in out\./);
  });

  it('takes its shard from the index of the Job', async () => {
    write('captions.jsonl', captions(200));
    const args = ['encode-dataset', 'captions.jsonl', '--model', 'tiny', '--out', 'out', '--shards', '2'];
    for (const index of ['0', '1']) await cas.run(args, { env: { JOB_COMPLETION_INDEX: index } });

    expect(await rowsOf('out')).toHaveLength(200);
    expect(await cas.failure(args)).toMatchObject({ code: 2, said: expect.stringMatching(/JOB_COMPLETION_INDEX/) });
  });

  it('gives pictures and texts of a folder the vectors that a service gives, and writes them for numpy', async () => {
    mkdirSync(join(cas.folder, 'photos'));
    for (const name of ['photo-cat.jpg', 'count-1.png']) cpSync(join(FIXTURES, name), join(cas.folder, 'photos', name));
    write('photos/cat.txt', 'a photo of a cat\n');
    write('photos/broken.png', 'no picture');
    const server: RunningServer = await startServer();
    try {
      const { stdout } = await cas.run(['encode-dataset', 'photos', '--out', 'here']);
      expect(stdout).toMatch(/^3 vectors of 512 numbers in 1 parts in here\. 1 bad rows are listed/);
      await cas.run(['encode-dataset', 'photos', '--out', 'there', '--server', server.http(), '--to', 'npy']);
    } finally {
      await server.stop();
    }

    const here = await rowsOf('here');
    expect(here.map(({ id }) => id)).toEqual(['cat.txt', 'count-1.png', 'photo-cat.jpg']);
    const part = join(cas.folder, 'there/part-00000-of-00001-000000');
    const numbers = new Float32Array(Uint8Array.from(readFileSync(`${part}.npy`).subarray(128)).buffer);
    const there = here.map((_, at) => Array.from(numbers.subarray(at * 512, (at + 1) * 512)));
    here.forEach(({ embedding }, at) => {
      const cosine = embedding.reduce((sum, value, place) => sum + value * (there[at]?.[place] ?? 0), 0);
      // The embedded model is quantised: what else is in a batch moves a vector a little.
      expect(cosine).toBeGreaterThan(0.999);
    });
    expect(readFileSync(`${part}.ids.jsonl`, 'utf8')).toBe('"cat.txt"\n"count-1.png"\n"photo-cat.jpg"\n');
  });

  it('reads a bucket of an S3-compatible store, files and folders', async () => {
    const credentials = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
    const configureBuckets = [{ name: 'data' }];
    const s3 = new S3rver({
      ...{ address: '127.0.0.1', port: 0, silent: true },
      directory: join(cas.folder, 's3'),
      configureBuckets,
    });
    const { port } = await s3.run();
    const endpoint = `http://127.0.0.1:${port}`;
    try {
      const files = { 'set/a.jsonl': captions(150), 'set/b.jsonl': captions(50), 'other/c.jsonl': captions(9) };
      for (const [key, body] of Object.entries(files)) await fetch(`${endpoint}/data/${key}`, { method: 'PUT', body });
      const args = ['--model', 'tiny', '--s3-endpoint', endpoint];
      const { stdout, stderr } = await cas.run(['encode-dataset', 's3://data/set', '--out', 'all', ...args], {
        env: credentials,
      });
      expect(stdout + stderr).toMatch(/^200 vectors/);
      await cas.run(['encode-dataset', 's3://data/set/b.jsonl', '--out', 'one', ...args], { env: credentials });
      const none = await cas.failure(['encode-dataset', 's3://nowhere/set', '--out', 'none', ...args], {
        env: credentials,
      });
      expect(none).toMatchObject({ code: 1, said: expect.stringMatching(/no such bucket/) });
    } finally {
      await s3.close();
    }

    expect((await rowsOf('all')).map(({ id }) => id)[150]).toBe('b.jsonl:0');
    expect(await rowsOf('one')).toHaveLength(50);
  });

  it.each([
    ['no source', ['none', '--out', 'o'], 1, /There is no file or folder/],
    ['no model', ['rows.csv', '--out', 'o', '--model', 'none'], 1, /cas models pull/],
    ['no such column', ['rows.csv', '--out', 'o', '--text-field', 'b', '--model', 'tiny'], 2, /There are: id, text/],
    ['a shard that is none', ['rows.csv', '--out', 'o', '--shard', '2/2'], 2, /written i\/n/],
    [
      'no service',
      ['rows.csv', '--out', 'o', '--server', 'http://127.0.0.1:1/', '--device', 'cpu'],
      2,
      /cannot be used/,
    ],
    ['an address that is none', ['rows.csv', '--out', 'o', '--server', 'here'], 2, /must be an address/],
    [
      'an admin API',
      ['rows.csv', '--out', 'o', '--url', 'http://127.0.0.1:1'],
      2,
      /^cas: cas encode-dataset works on this/,
    ],
  ])('says what to do for %s', async (_, args, code, said) => {
    write('rows.csv', 'id,text\n1,a cat\n');

    expect(await cas.failure(['encode-dataset', ...args])).toMatchObject({ code, said: expect.stringMatching(said) });
  });
});
