import { addressField } from '../../format/address-text.js';

/** What the address of the models page holds. */
export interface ModelsSearch {
  readonly tab?: 'catalogue' | 'versions';
  /** The editor is open; `add` puts this model into it. */
  readonly edit?: true;
  readonly add?: string;
  /** Of the catalogue: words to look for, only what is on a pod, and the model whose details are open. */
  readonly q?: string;
  readonly here?: true;
  readonly licence?: string;
  readonly model?: string;
  /** The two versions that are compared. */
  readonly from?: number;
  readonly to?: number;
}

/** Reads the address; what cannot be read is left out. */
export function parseModelsSearch(search: Record<string, unknown>): ModelsSearch {
  const { tab, edit, here } = search;
  const [from, to] = [versionOf(search['from']), versionOf(search['to'])];
  return {
    ...(tab === 'catalogue' || tab === 'versions' ? { tab } : {}),
    ...(edit === true ? { edit } : {}),
    ...addressField('add', search['add']),
    ...addressField('q', search['q']),
    ...(here === true ? { here } : {}),
    ...addressField('licence', search['licence']),
    ...addressField('model', search['model']),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function versionOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
