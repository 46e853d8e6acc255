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
  const texts = { add: textOf(search['add']), q: textOf(search['q']), licence: textOf(search['licence']) };
  const model = textOf(search['model']);
  const [from, to] = [versionOf(search['from']), versionOf(search['to'])];
  return {
    ...(tab === 'catalogue' || tab === 'versions' ? { tab } : {}),
    ...(edit === true ? { edit } : {}),
    ...(texts.add === undefined ? {} : { add: texts.add }),
    ...(texts.q === undefined ? {} : { q: texts.q }),
    ...(here === true ? { here } : {}),
    ...(texts.licence === undefined ? {} : { licence: texts.licence }),
    ...(model === undefined ? {} : { model }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** A search for a number comes as one. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function versionOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
