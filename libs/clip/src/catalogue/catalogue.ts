import { DomainError } from '#core';
import type { CatalogueEntry } from './entry.js';
import { NEWER_MODELS } from './newer.js';
import { PYTHON_SERVER_MODELS } from './python-server.js';

/** Every model that the service knows by name. */
export const CATALOGUE: readonly CatalogueEntry[] = [...PYTHON_SERVER_MODELS, ...NEWER_MODELS];

const BY_NAME: ReadonlyMap<string, CatalogueEntry> = new Map(
  CATALOGUE.flatMap((entry) => [entry.name, ...entry.aliases].map((name) => [name, entry] as const)),
);

/** `hub:owner/name` or `hub:owner/name@revision`. */
const HUB_NAME = /^hub:([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/;

/** What a name leads to on the hub. */
export interface HubSource {
  /** The name that folders and manifests carry: the same whichever alias was given. */
  readonly name: string;
  readonly repository: string;
  readonly revision: string;
  /** Undefined for `hub:` names: their files tell the layout. */
  readonly entry: CatalogueEntry | undefined;
}

/** The catalogue's name for `name`, or `name` itself when it has none. */
export function canonicalName(name: string): string {
  return BY_NAME.get(name)?.name ?? name;
}

/**
 * Where a model comes from. Throws `model_unknown` for a name that is neither in the catalogue nor a `hub:` name, and
 * `unavailable` for one whose files nobody publishes.
 */
export function hubSourceOf(name: string): HubSource {
  const [, repository, revision = 'main'] = HUB_NAME.exec(name) ?? [];
  if (repository !== undefined) return { name, repository, revision, entry: undefined };
  const entry = BY_NAME.get(name);
  if (!entry) throw unknownModel(name);
  if (entry.repository === undefined) {
    throw new DomainError('unavailable', `The model ${entry.name} cannot be downloaded. ${entry.note ?? ''}`.trim());
  }
  return { name: entry.name, repository: entry.repository, revision: 'main', entry };
}

function unknownModel(name: string): DomainError {
  const [family = name] = name.split('::');
  const close = CATALOGUE.map((entry) => entry.name).filter((other) =>
    other.toLowerCase().startsWith(family.toLowerCase()),
  );
  const hint = close.length > 0 ? ` Known are ${close.slice(0, 5).join(', ')}.` : '';
  return new DomainError(
    'model_unknown',
    `There is no model ${JSON.stringify(name)}: no folder in CAS_MODEL_DIR, not in the catalogue.${hint} ` +
      'See "cas models list"; any repository of the hub is hub:owner/name.',
  );
}
