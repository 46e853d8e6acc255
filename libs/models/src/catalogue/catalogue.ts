import { DomainError, nearest } from '#core';
import { type CatalogueEntry, type Precision, precisionOf, PRECISIONS, splitPrecision } from './entry.js';
import { NEWER_MODELS } from './newer.js';
import { PYTHON_SERVER_MODELS } from './python-server.js';

/** Every model that the service knows by name. */
export const CATALOGUE: readonly CatalogueEntry[] = [...PYTHON_SERVER_MODELS, ...NEWER_MODELS];

const BY_NAME: ReadonlyMap<string, CatalogueEntry> = new Map(
  CATALOGUE.flatMap((entry) => [entry.name, ...entry.aliases].map((name) => [name, entry] as const)),
);

/**
 * `hub:owner/name`, `hub:owner/name@revision` or `hub:owner/name@revision@precision`. The revision follows the first
 * `@`, since a branch may be called `int8`.
 */
const HUB_NAME = /^hub:([\w.-]+\/[\w.-]+)(?:@([\w./-]+)(?:@(\w+))?)?$/;

const NAMES_GUESSED_MAX = 5;

/** Where on the hub a model comes from. */
export interface HubSource {
  /** The name in folders and manifests: the same for every alias. */
  readonly name: string;
  readonly repository: string;
  readonly revision: string;
  /** Undefined for `hub:` names, whose files tell the layout. */
  readonly entry: CatalogueEntry | undefined;
  /** Undefined for float32, which repositories serve by default. */
  readonly precision: Precision | undefined;
}

/** A name of the catalogue, in its parts. */
export interface CatalogueName {
  readonly entry: CatalogueEntry;
  readonly precision: Precision | undefined;
}

/**
 * Looks up a name, which may be an alias and may end in `@fp16` or `@int8`.
 *
 * @example
 * findInCatalogue('ViT-B/32@fp16')?.entry.name; // 'ViT-B-32::openai'
 */
export function findInCatalogue(name: string): CatalogueName | undefined {
  const whole = BY_NAME.get(name);
  if (whole) return { entry: whole, precision: undefined };
  const split = splitPrecision(name);
  const entry = split && BY_NAME.get(split.base);
  const precision = split && precisionOf(split.suffix);
  return entry && precision && { entry, precision };
}

/** Returns the catalogue's own name for `name`, precision included, or `name` itself when the catalogue lacks it. */
export function canonicalName(name: string): string {
  const found = findInCatalogue(name);
  return found ? nameOf(found) : name;
}

/**
 * Finds where a model comes from. Throws `model_unknown` for a name that is neither in the catalogue nor a `hub:` name,
 * and `unavailable` for one whose files nobody publishes. `folders` are the models of this machine, for a guess at what
 * was meant.
 *
 * @example
 * hubSourceOf('hub:owner/name@v2').revision; // 'v2'
 */
export function hubSourceOf(name: string, folders: readonly string[] = []): HubSource {
  const [, repository, revision = 'main', suffix] = HUB_NAME.exec(name) ?? [];
  if (repository !== undefined) {
    const precision = suffix === undefined ? undefined : precisionOf(suffix);
    if (suffix !== undefined && !precision) throw unknownPrecision(`hub:${repository}@${revision}`, suffix);
    return { name, repository, revision, entry: undefined, precision };
  }
  const found = findInCatalogue(name);
  if (!found) throw unknownModel(name, folders);
  const { entry, precision } = found;
  if (entry.repository === undefined) {
    throw new DomainError('unavailable', `The model ${entry.name} cannot be downloaded. ${entry.note ?? ''}`.trim());
  }
  return { name: nameOf(found), repository: entry.repository, revision: 'main', entry, precision };
}

function nameOf({ entry, precision }: CatalogueName): string {
  return precision ? `${entry.name}@${precision}` : entry.name;
}

function unknownModel(name: string, folders: readonly string[]): DomainError {
  const split = splitPrecision(name);
  const known = split && BY_NAME.get(split.base);
  if (known) return unknownPrecision(known.name, split.suffix);
  const meant = likelyNames(name, folders);
  const guess = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`;
  return new DomainError(
    'model_unknown',
    `There is no model ${JSON.stringify(name)}: it is neither a folder in CAS_MODEL_DIR nor a name in the catalogue.${guess} ` +
      '"cas models list" shows all; any repository of the model hub can be given as hub:owner/name.',
  );
}

/**
 * Guesses what was meant: the one name that is near in letters, whatever their case, else those of the same
 * architecture.
 */
function likelyNames(name: string, folders: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const names = new Map([...folders, ...BY_NAME.keys()].map((known) => [known.toLowerCase(), known]));
  const [architecture = wanted] = wanted.split('::');
  const kin = CATALOGUE.filter((entry) => entry.name.toLowerCase().startsWith(architecture)).map((entry) => entry.name);
  const near = names.get(nearest(wanted, [...names.keys()]) ?? '');
  const isAlike = near !== undefined && (kin.length === 0 || near.toLowerCase().startsWith(architecture));
  return isAlike ? [near] : kin.slice(0, NAMES_GUESSED_MAX);
}

function unknownPrecision(name: string, suffix: string): DomainError {
  const endings = PRECISIONS.map((precision) => `@${precision}`).join(', ');
  return new DomainError(
    'model_unknown',
    `There is no ${JSON.stringify(suffix)} of the model ${name}. Names end in ${endings}, or in neither for float32.`,
  );
}
