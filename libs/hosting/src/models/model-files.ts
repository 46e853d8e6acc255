import {
  CATALOGUE,
  canonicalName,
  createModelStore,
  findInCatalogue,
  type ModelStore,
  type Precision,
  progressReporter,
  Pulls,
  type StoreEvent,
  weightBytes,
} from '#models';
import { readModelInfo, readTokenizerName } from '#clip';
import type { Settings } from '#config';
import { systemClock } from '#core';
import type { CatalogueModel, ModelFacts } from '#serving';
import { isPrettyLog, type Log } from '#telemetry';
import { ModelLogLines } from './model-log-lines.js';
import type { ModelFolders } from './pools.js';

/** Where the files of models are, which of them this process uses, what is downloaded; `onEvent` hears of it. */
export function openModelFiles(settings: Settings, log: Log, onEvent: (event: StoreEvent) => void) {
  const names = modelFolders(settings, log, (event) => {
    onEvent(event);
    pulls.onStoreEvent(event);
  });
  const folders = new UsedFolders(names);
  const release = (model: string): Promise<void> => folders.releaseUnused(model);
  const pulls: Pulls = new Pulls({ store: names, clock: systemClock, release });
  return { names, folders, pulls, lines: new ModelLogLines(systemClock) };
}

/**
 * Where the models' files are: CAS_MODEL_DIR, and the cache, which is filled from the hub. A download shows as a bar
 * where people read, and as log lines elsewhere; `onEvent` hears of it too. Must be closed at the end of the process.
 */
function modelFolders(settings: Settings, log: Log, onEvent: (event: StoreEvent) => void): ModelStore {
  const isTerminal = process.stderr.isTTY && isPrettyLog(settings.logFormat);
  const report = progressReporter({
    terminal: isTerminal ? process.stderr : undefined,
    line: (text) => log.info(`models: ${text}`),
    clock: systemClock,
  });
  const observe = (event: StoreEvent): void => {
    report(event);
    onEvent(event);
  };
  return createModelStore({ ...settings, observe });
}

/**
 * The folders of models, and which of them this process uses: each one that it asked for, whether or not the model was
 * served in the end, until the folder is released. Files belong to a model, under whichever of its names it is served.
 */
export class UsedFolders implements ModelFolders {
  private readonly used = new Set<string>();

  constructor(private readonly folders: ModelFolders) {}

  async folderOf(name: string, signal?: AbortSignal): Promise<string> {
    this.used.add(canonicalName(name));
    return this.folders.folderOf(name, signal);
  }

  async release(name: string): Promise<void> {
    this.used.delete(canonicalName(name));
    await this.folders.release(name);
  }

  /** Lets the files of a model leave the cache, unless this process has asked for them to serve it. */
  async releaseUnused(name: string): Promise<void> {
    if (!this.used.has(canonicalName(name))) await this.folders.release(name);
  }

  /**
   * Lets the files of all models but `served` leave the cache. Never rejects: what cannot be released stays in the
   * cache.
   */
  async releaseAllBut(served: readonly string[]): Promise<void> {
    const kept = new Set(served.map(canonicalName));
    const unused = [...this.used].filter((model) => !kept.has(model));
    await Promise.allSettled(unused.map((model) => this.release(model)));
  }
}

/**
 * What is known of a model before it is loaded: by the catalogue, else by its files where they are on this machine.
 * Never rejects, never downloads.
 */
export async function modelFacts(folders: Pick<ModelStore, 'find'>, name: string): Promise<ModelFacts | undefined> {
  const listed = findInCatalogue(name)?.entry;
  if (listed) {
    const { dimension, imageSize, contextLength = null, tokenizer } = listed;
    return { dimension, imageSize, contextLength, tokenizer };
  }
  const local = await folders.find(name).catch(() => undefined);
  if (!local) return undefined;
  const [info, tokenizer] = await Promise.all([
    readModelInfo(local.folder, name).catch(() => undefined),
    readTokenizerName(local.folder).catch(() => undefined),
  ]);
  if (!info) return undefined;
  const { dimension, imageSize, contextLength } = info;
  return { dimension, imageSize, contextLength, tokenizer: tokenizer ?? null };
}

/** The catalogue as people see it; pages are those of the hub that this process would ask. */
export function catalogueModels({ hubUrl }: Pick<Settings, 'hubUrl'>): CatalogueModel[] {
  return CATALOGUE.map(({ repository = null, note = null, contextLength = null, megabytes, ...entry }) => {
    const { name, aliases, licence, dimension, imageSize, tokenizer, variants } = entry;
    const page = repository === null ? null : `${hubUrl}/${repository}`;
    const facts = { dimension, imageSize, contextLength, tokenizer };
    return { name, aliases, licence, ...facts, bytes: megabytes * 1e6, repository, page, variants, note };
  });
}

/** Sizes of variants against those of float32, which the catalogue lists. */
const SHARE_OF_FLOAT32: Readonly<Record<Precision, number>> = { fp16: 1 / 2, int8: 1 / 4 };

/**
 * The size of a model's ONNX files: read where the model is on this machine, about as the catalogue says where it has
 * to be downloaded first, undefined where nobody says. Never rejects, never downloads.
 */
export async function weightBytesOf(folders: Pick<ModelStore, 'find'>, name: string): Promise<number | undefined> {
  const local = await folders.find(name).catch(() => undefined);
  if (local) return weightBytes(local.folder).catch(() => undefined);
  const listed = findInCatalogue(name);
  if (!listed) return undefined;
  const { entry, precision } = listed;
  return entry.megabytes * 1e6 * (precision ? SHARE_OF_FLOAT32[precision] : 1);
}
