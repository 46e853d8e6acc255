import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CasCommand } from '../e2e/support/cas-command.js';
import { transformersRepository } from '../support/model-repositories.js';
import { repositoryRoot } from '../support/server.js';
import { datasetTools, pythonEnvironment } from './python-environments.js';

// Data sets that pyarrow, webdataset and Python's csv wrote, and vectors that pyarrow, DuckDB and numpy read.

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'dataset_files.py');
const PICTURES = ['photo-cat.jpg', 'photo-coffee.jpg'].map((name) => join(repositoryRoot, 'test/fixtures', name));

let cas: CasCommand;
let python = '';
beforeAll(async () => {
  cas = new CasCommand({ CAS_MODEL_DIR: 'models' });
  for (const [path, content] of Object.entries(transformersRepository())) {
    mkdirSync(dirname(join(cas.folder, 'models/tiny', path)), { recursive: true });
    writeFileSync(join(cas.folder, 'models/tiny', path), content);
  }
  const environment = await pythonEnvironment(datasetTools);
  if ('missing' in environment) return;
  python = environment.python;
  await run(python, [SCRIPT, 'write', cas.folder, ...PICTURES]);
});
afterAll(() => cas[Symbol.dispose]());

async function encode(source: string, out: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await cas.run(['encode-dataset', source, '--model', 'tiny', '--out', out, ...args]);
  return stdout + stderr;
}

const idsOf = (out: string): string[] =>
  readdirSync(join(cas.folder, out))
    .filter((name) => name.endsWith('.ids.jsonl'))
    .flatMap((name) =>
      readFileSync(join(cas.folder, out, name), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as string);

it('what pyarrow wrote is read, and what is written is read by pyarrow, DuckDB and numpy', async ({ skip }) => {
  if (python === '') return skip();
  const args = ['--text-field', 'caption', '--id-field', 'uid', '--part-rows', '200'];
  expect(await encode('captions.parquet', 'parquet', ...args)).toMatch(/^299 vectors of 3 numbers in 2 parts.*1 bad/);
  expect(await encode('captions.parquet', 'npy', ...args, '--to', 'npy')).toMatch(/^299 vectors/);
  const { stdout } = await run(python, [SCRIPT, 'read', cas.folder]);

  expect(JSON.parse(stdout)).toEqual({
    type: 'fixed_size_list<element: float not null>[3]',
    encodings: ['BYTE_STREAM_SPLIT', 'RLE'],
    compression: 'ZSTD',
    rows: 299,
    duckdb: ['FLOAT[]', 299],
    numpy: ['float32', [299, 3]],
    same: true,
  });
});

it.for<[string, string, string[], string[]]>([
  ['pictures as bytes in Parquet', 'bytes.parquet', [], ['bytes.parquet:0', 'bytes.parquet:1']],
  ['pictures as Hugging Face writes them', 'records.parquet', [], ['records.parquet:0', 'records.parquet:1']],
  ['samples of webdataset', 'samples.tar', [], ['sample0', 'sample1']],
  ['CSV with quotes and line ends', 'rows.csv', ['--id-field', 'uid'], ['1', '2']],
])('reads %s', async ([, source, args, ids], { skip }) => {
  if (python === '') return skip();
  expect(await encode(source, source.replace('.', '-'), '--to', 'npy', ...args)).toMatch(/^2 vectors of 3 numbers/);
  expect(idsOf(source.replace('.', '-'))).toEqual(ids);
});
