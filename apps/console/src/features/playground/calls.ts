import { answer, api, type Schemas } from '../../api/client.js';
import { vectorOf } from './vectors.js';

/** A model that is served, as far as the playground needs it. */
export interface ServedModel {
  readonly id: string;
  readonly isDefault: boolean;
  readonly dimension: number;
  /** Factor before the softmax. */
  readonly logitScale: number;
}

/** Where the time of a call went, and by which id its trace is found. */
export interface CallNotes {
  readonly requestId: string | undefined;
  /** Milliseconds by the names of Server-Timing: queue, prepare, run. */
  readonly parts: readonly { readonly name: string; readonly ms: number }[];
  /** From the page's point of view, network included. */
  readonly totalMs: number;
}

export interface Embedded {
  readonly vectors: readonly Float32Array[];
  readonly notes: CallNotes;
}

/** What covering each cell takes from a score; see `POST /v1/explain`. */
export interface DropMap {
  readonly base: number;
  readonly drops: readonly (readonly number[])[];
  readonly range: readonly [number, number];
}

export interface Explained {
  readonly results: readonly { readonly text: string; readonly cosine: DropMap; readonly score: DropMap }[];
  readonly square: { readonly side: number; readonly rgb: string };
  readonly items: number;
  readonly notes: CallNotes;
}

/** An item as the inference API takes it. */
export type Item = string | { readonly image: string };

/** Whether the inference API can be called, and what to set where it cannot. */
export function readStatus(signal: AbortSignal): Promise<Schemas['PlaygroundView']> {
  return answer(api.GET('/api/playground', { signal }));
}

/** The models that are served, the default one first. */
export async function readModels(signal: AbortSignal): Promise<ServedModel[]> {
  const { data } = parsed<{ data: { id: string; default: boolean; dimension: number; logitScale: number }[] }>(
    await answer(api.GET('/api/playground/models', { signal })),
  );
  return data
    .map(({ id, default: isDefault, dimension, logitScale }) => ({ id, isDefault, dimension, logitScale }))
    .toSorted((one, other) => Number(other.isDefault) - Number(one.isDefault));
}

/** The vectors of items, in their order. */
export async function embed(model: string, input: readonly Item[], signal: AbortSignal): Promise<Embedded> {
  const startedAtMs = performance.now();
  const { data: body, response } = await api.POST('/api/playground/embed', {
    body: { model, input, encoding_format: 'base64' },
    signal,
  });
  const { data } = parsed<{ data: { embedding: string }[] }>(body);
  return { vectors: data.map(({ embedding }) => vectorOf(embedding)), notes: notesOf(response, startedAtMs) };
}

/** Which regions of an image carry its score with each text. */
export async function explain(
  asked: { model: string; image: string; texts: readonly string[]; grid: number; mode: string },
  signal: AbortSignal,
): Promise<Explained> {
  const startedAtMs = performance.now();
  const { data: body, response } = await api.POST('/api/playground/explain', {
    body: { ...asked, square: true },
    signal,
  });
  const { results, square, usage } = parsed<Pick<Explained, 'results' | 'square'> & { usage: { items: number } }>(body);
  return { results, square, items: usage.items, notes: notesOf(response, startedAtMs) };
}

/** The document says only that an object comes: what is in it, the inference API's own document says. */
function parsed<Body>(body: unknown): Body {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- passed on as it came, see /openapi.json of the inference API
  return body as Body;
}

function notesOf({ headers }: Response, startedAtMs: number): CallNotes {
  const parts = (headers.get('server-timing') ?? '').split(',').flatMap((part) => {
    const [, name, ms] = /^\s*(\w+);dur=([\d.]+)/.exec(part) ?? [];
    return name === undefined ? [] : [{ name, ms: Number(ms) }];
  });
  return { requestId: headers.get('x-request-id') ?? undefined, parts, totalMs: performance.now() - startedAtMs };
}
