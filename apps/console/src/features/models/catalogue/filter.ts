import type { CatalogueModel } from '../queries.js';

/** What narrows the catalogue down. */
export interface CatalogueFilter {
  readonly q?: string | undefined;
  readonly here?: true | undefined;
  readonly licence?: string | undefined;
}

/**
 * The models that a filter leaves: every word of `q` is in a name, the repository, the tokenizer or the dimension;
 * `here` leaves those that some pod has.
 */
export function filterCatalogue(models: readonly CatalogueModel[], filter: CatalogueFilter): CatalogueModel[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    if (filter.here === true && model.pods.length === 0) return false;
    if (filter.licence !== undefined && model.licence !== filter.licence) return false;
    const { name, aliases, repository, tokenizer, dimension } = model;
    const text = [name, ...aliases, repository ?? '', tokenizer ?? '', dimension ?? ''].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * What is served first, then what only pods know, then the catalogue in its order. A download moves no row: the pointer
 * is on it.
 */
export function inOrder(models: readonly CatalogueModel[]): CatalogueModel[] {
  const rank = ({ isDesired, pods, source }: CatalogueModel): number => {
    if (isDesired || pods.some(({ served }) => served !== null)) return 0;
    return source === 'own' ? 1 : 2;
  };
  return models.toSorted((a, b) => rank(a) - rank(b));
}

/** The licences that there are. */
export function licencesOf(models: readonly CatalogueModel[]): string[] {
  return [...new Set(models.flatMap(({ licence }) => licence ?? []))].sort();
}
