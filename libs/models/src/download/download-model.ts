import { createHash } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Layout, LAYOUT_FILE } from '#clip';
import { type Clock, forEachLimited } from '#core';
import type { HubSource } from '../catalogue/catalogue.js';
import { chooseLayout, neededFiles } from '../catalogue/repository-files.js';
import { downloadFile } from './download-file.js';
import type { HubClient } from '../hub/hub-client.js';
import type { HubFile } from '../hub/hub-revision.js';
import { holds, type ManifestFile, writeManifest } from '../cache/manifest.js';
import { partsLeft, takeUpParts } from './partial-file.js';
import { withRetries } from '../hub/retry.js';
import type { StoreObserver } from '../progress/store-events.js';

/** What a download needs of the store. */
export interface DownloadTools {
  readonly client: HubClient;
  readonly clock: Clock;
  readonly observe: StoreObserver;
  readonly filesAtOnce: number;
  readonly attemptsMax: number;
  /** Names this download, and no other in this or another process. */
  readonly owner: string;
  readonly signal: AbortSignal | undefined;
}

/** What a download will bring. */
export interface DownloadPlan {
  readonly source: HubSource;
  readonly commit: string;
  readonly layout: Layout;
  readonly files: readonly HubFile[];
  readonly bytes: number;
}

/**
 * Asks the hub for the list of files and picks those that serving takes. Rejects as HubClient, `chooseLayout` and
 * `neededFiles` do.
 */
export async function planDownload(source: HubSource, tools: DownloadTools): Promise<DownloadPlan> {
  const { repository, revision } = source;
  const found = await retried(tools, source.name, 'the list of files', () =>
    tools.client.revision(repository, revision, tools.signal),
  );
  const layout = chooseLayout(source, found.files);
  const files = await withSizes(neededFiles(layout, found.files, repository), source, found.commit, tools);
  return { source, commit: found.commit, layout, files, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/** Mirrors may list names only; then the headers of each file tell its size and digest. */
async function withSizes(
  files: readonly HubFile[],
  { name, repository }: HubSource,
  commit: string,
  tools: DownloadTools,
): Promise<HubFile[]> {
  const sized = [...files];
  await forEachLimited(files, tools.filesAtOnce, async ({ path, bytes }, at) => {
    if (bytes > 0) return;
    sized[at] = await retried(tools, name, path, () => tools.client.fileInfo(repository, commit, path, tools.signal));
  });
  return sized;
}

/** Sums the bytes of a plan that an earlier download left in `folder`, as whole files and as parts. */
export async function bytesThere(folder: string, { files }: DownloadPlan): Promise<number> {
  const sizes = files.map(async (file) => {
    const [whole, [part]] = await Promise.all([sizeOf(join(folder, file.path)), partsLeft(stemOf(folder, file))]);
    return Math.min(file.bytes, whole ?? part?.bytes ?? 0);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/**
 * Brings all files of a plan into `folder`, several at a time, and writes the layout and the manifest last. It keeps
 * files of an earlier download whose digest is right. When one file fails for good the others stop; what has arrived
 * stays for the next download.
 */
export async function downloadModel(plan: DownloadPlan, folder: string, tools: DownloadTools): Promise<void> {
  const { source, commit, layout } = plan;
  const stop = new AbortController();
  const signal = tools.signal ? AbortSignal.any([tools.signal, stop.signal]) : stop.signal;
  const done = new Map<string, ManifestFile>();
  const count = counter(plan, tools.observe);
  const failures: unknown[] = [];
  await forEachLimited(plan.files, tools.filesAtOnce, async (file) => {
    if (failures.length > 0) return;
    try {
      const sha256 = await fetchOne(plan, file, folder, { ...tools, signal }, count);
      done.set(file.path, { path: file.path, bytes: file.bytes, sha256 });
    } catch (thrown) {
      failures.push(thrown);
      stop.abort();
    }
  });
  if (failures.length > 0) throw failures[0];
  await rm(join(folder, PARTS), { recursive: true, force: true });
  await writeFile(join(folder, LAYOUT_FILE), `${JSON.stringify(layout, undefined, 1)}\n`);
  const files = [...done.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeManifest(folder, { model: source.name, repository: source.repository, commit, files });
}

async function fetchOne(
  plan: DownloadPlan,
  file: HubFile,
  folder: string,
  tools: DownloadTools,
  count: (change: number) => void,
): Promise<string> {
  const target = join(folder, file.path);
  const there = await holds(target, file.bytes, file);
  if (there !== undefined) {
    count(file.bytes);
    return there;
  }
  const { repository, name } = plan.source;
  const stem = stemOf(folder, file);
  const part = `${stem}.${tools.owner}`;
  await takeUpParts(stem, part);
  const job = { repository, commit: plan.commit, file, target, part };
  return retried(tools, name, file.path, () => downloadFile(tools.client, job, count, tools.signal));
}

function retried<T>(tools: DownloadTools, model: string, file: string, work: () => Promise<T>): Promise<T> {
  const onRetry = (fault: Error, delayMs: number) =>
    tools.observe({ kind: 'retry', model, file, reason: fault.message, delayMs });
  return withRetries(work, tools, onRetry, tools.signal);
}

const PARTS = '.parts';

/**
 * Returns the path that a file's parts begin with; the owner follows. It depends on the content, so that a file that
 * changed on the hub never continues from the bytes of the old one.
 */
function stemOf(folder: string, { path, bytes, sha256, gitSha1 }: HubFile): string {
  const name = createHash('sha256')
    .update(`${sha256 ?? gitSha1 ?? ''} ${bytes} ${path}`)
    .digest('hex')
    .slice(0, 32);
  return join(folder, PARTS, name);
}

function counter({ source, bytes }: DownloadPlan, observe: StoreObserver): (change: number) => void {
  let bytesDone = 0;
  return (change) => {
    bytesDone += change;
    observe({ kind: 'progress', model: source.name, bytesDone, bytes });
  };
}

function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
