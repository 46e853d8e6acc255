// Shows that `cas encode-dataset` loses and doubles nothing when a worker is killed, and what memory a worker takes:
//   node tools/bench-dataset.mjs [ROWS]
// Three workers share a file of texts (100,000 unless said otherwise); the first is killed with SIGKILL twice, in the
// middle of a part, and started again. Prints one JSON object; ends with 1 when a row is missing or doubled.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clearInterval, setInterval, setTimeout } from 'node:timers';
import { once } from 'node:events';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const ROWS = Number(process.argv[2] ?? 100_000);
const WORKERS = 3;
/** The first worker is killed when it has read into the part after these. */
const KILLED_AFTER_PARTS = [1, 4];
const KILL_DELAY_MS = 1_000;
const MEMORY_EVERY_MS = 500;

const folder = mkdtempSync(join(tmpdir(), 'cas-bench-dataset-'));
const source = join(folder, 'captions.jsonl');
const out = join(folder, 'vectors');

async function writeSource() {
  const colours = ['red', 'green', 'blue', 'black', 'white', 'yellow', 'brown'];
  const things = ['cat', 'dog', 'car', 'boat', 'house', 'tree', 'cup', 'street', 'train', 'bird', 'table'];
  const file = createWriteStream(source);
  for (let row = 0; row < ROWS; row++) {
    const caption = `a photo of ${row} ${colours[row % colours.length]} ${things[row % things.length]}s`;
    if (!file.write(`${JSON.stringify({ uid: `row-${row}`, caption })}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** The most memory that a process has held, in MB (VmHWM of proc(5)); 0 when it has gone. */
function peakMegabytes(pid) {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1e3;
  } catch {
    return 0;
  }
}

/** Runs a worker to its end, or until it has finished `parts` and is in the next one; then it is killed. */
async function runWorker(index, parts) {
  const main = join(import.meta.dirname, '../dist/apps/cli/src/main.js');
  const options = ['--text-field', 'caption', '--id-field', 'uid', '--threads', '1', '--json', '--out', out];
  const argv = [main, 'encode-dataset', source, ...options, '--shard', `${index}/${WORKERS}`];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakMegabytes(child.pid))), MEMORY_EVERY_MS);
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, parts: done } = JSON.parse(line);
    if (event === 'part' && done === parts) setTimeout(() => child.kill('SIGKILL'), KILL_DELAY_MS);
  }
  const [code, signal] = await exit;
  clearInterval(watch);
  return { code, signal, peak };
}

async function workToTheEnd(index) {
  const runs = [];
  if (index === 0) for (const parts of KILLED_AFTER_PARTS) runs.push(await runWorker(index, parts));
  runs.push(await runWorker(index, Infinity));
  return runs;
}

async function idsOf(name) {
  const file = await asyncBufferFromFile(join(out, name));
  return (await parquetReadObjects({ file, columns: ['id'], compressors })).map(({ id }) => id);
}

try {
  if (!existsSync(join(import.meta.dirname, '../dist'))) throw new Error('build first: npm run build');
  await writeSource();
  const startedAt = performance.now();
  const runs = (await Promise.all(Array.from({ length: WORKERS }, (_, index) => workToTheEnd(index)))).flat();
  const seconds = (performance.now() - startedAt) / 1e3;
  const names = readdirSync(out).filter((name) => name.endsWith('.parquet'));
  const ids = (await Promise.all(names.map(idsOf))).flat();
  const result = {
    rows: ROWS,
    workers: WORKERS,
    killed: runs.filter(({ signal }) => signal === 'SIGKILL').length,
    parts: names.length,
    rowsOut: ids.length,
    different: new Set(ids).size,
    peakMegabytes: Math.round(Math.max(...runs.map(({ peak }) => peak))),
    seconds: Math.round(seconds),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const isWhole = result.rowsOut === ROWS && result.different === ROWS && runs.every(({ code }) => !code);
  process.exitCode = isWhole ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
