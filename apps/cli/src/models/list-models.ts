import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelInfo } from '#clip';
import {
  type CachedModel,
  CATALOGUE,
  type CatalogueEntry,
  findInCatalogue,
  type ModelStore,
  type Precision,
} from '#models';

/** A model as the list shows it; null = not known. */
export interface ListedModel {
  readonly name: string;
  /**
   * `folder`: in CAS_MODEL_DIR; `cache`: downloaded; `partial`: a download runs or broke off; `hub`: in the catalogue
   * only.
   */
  readonly place: 'folder' | 'cache' | 'partial' | 'hub';
  /** The size of the files here, or, for `hub`, about the size of the download. */
  readonly megabytes: number | null;
  readonly dimension: number | null;
  readonly imageSize: number | null;
  readonly licence: string | null;
  readonly repository: string | null;
  /** ISO 8601; models of the cache have it. */
  readonly lastUsed: string | null;
  /** Whether this release was run on these very files, or only their description was read. */
  readonly checked: 'run' | 'read' | null;
  /** The published variants of a model of the catalogue, as in `name@precision`. */
  readonly variants: readonly Precision[];
  readonly note: string | null;
}

/** Lists the models of this host, then the rest of the catalogue in its order. */
export async function listModels(store: ModelStore, modelDir: string): Promise<ListedModel[]> {
  const own = await ownModels(modelDir);
  const cached = (await store.list()).map(ofCache);
  const whole = [...own, ...cached];
  const partials = (await store.partials()).filter(({ name }) => !whole.some((model) => model.name === name));
  const here = [...whole, ...partials.map(ofPartial)];
  const names = new Set(here.map(({ name }) => name));
  return [...here, ...CATALOGUE.filter(({ name }) => !names.has(name)).map((entry) => ofCatalogue(entry))];
}

async function ownModels(modelDir: string): Promise<ListedModel[]> {
  const names = await readdir(modelDir).catch((): string[] => []);
  const models = names.sort().map(async (name) => {
    const info = await readModelInfo(join(modelDir, name), name).catch(() => undefined);
    if (!info) return [];
    const { dimension, imageSize } = info;
    return [{ ...UNKNOWN, name, place: 'folder' as const, dimension, imageSize }];
  });
  return (await Promise.all(models)).flat();
}

function ofCache({ name, bytes, lastUsedMs, manifest }: CachedModel): ListedModel {
  return {
    ...knownOf(name),
    place: 'cache',
    megabytes: Math.round(bytes / 1e6),
    repository: manifest.repository,
    lastUsed: new Date(lastUsedMs).toISOString(),
  };
}

function ofPartial({ name, bytes }: Pick<CachedModel, 'name' | 'bytes'>): ListedModel {
  return { ...knownOf(name), place: 'partial', megabytes: Math.round(bytes / 1e6) };
}

/** What the catalogue says of a name; a variant has no variants. */
function knownOf(name: string): Omit<ListedModel, 'place'> {
  const found = findInCatalogue(name);
  if (!found) return { ...UNKNOWN, name };
  return { ...ofCatalogue(found.entry), ...(found.precision ? { variants: [] } : {}), name };
}

function ofCatalogue(entry: CatalogueEntry): ListedModel {
  const { name, megabytes, dimension, imageSize, licence, checked, variants } = entry;
  const { repository = null, note = null } = entry;
  const facts = { megabytes, dimension, imageSize, licence, checked, variants };
  return { name, place: 'hub', ...facts, repository, lastUsed: null, note };
}

const UNKNOWN = {
  megabytes: null,
  dimension: null,
  imageSize: null,
  licence: null,
  repository: null,
  lastUsed: null,
  checked: null,
  variants: [],
  note: null,
};
