import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { DomainError, type InputItem } from '#core';
import { failureOf } from '../inference/failure-of.js';
import { InferenceCalls, type InferenceCaller } from '../inference/inference-calls.js';
import type { ReplayedModelView, ReplayView } from './stored-request.dto.js';
import { vectorsOf } from './vectors-of.js';

/** Items of a request that are run again; the first of them. */
const ITEMS_MAX = 64;

/** Which models run what a request sent, in whose name, and until when. */
export interface ReplayOrder {
  readonly caller: InferenceCaller;
  readonly items: readonly InputItem[];
  readonly models: readonly string[];
  /** Ends the call that is under way; what is not run yet then fails. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock. */
  readonly now: () => number;
}

/** Runs stored requests again, as a caller of `/v1/embeddings` would: with a token, its limits and its usage. */
@Injectable()
export class Replay {
  constructor(private readonly inference: InferenceCalls) {}

  /**
   * Runs what a request sent on some models, one after the other, and compares: images with texts where there are both,
   * else all with all. A model that fails leaves its part with the reason.
   *
   * @throws DomainError `unavailable` where no inference API can be called
   */
  async run(order: ReplayOrder): Promise<ReplayView> {
    this.inference.requireTarget();
    const items = order.items.slice(0, ITEMS_MAX);
    const { rows, columns } = pairsOf(items);
    const input = items.map(inputOf);
    const models: ReplayedModelView[] = [];
    for (const model of order.models) models.push(await this.runOn(model, input, { rows, columns }, order));
    return { rows, columns, models };
  }

  private async runOn(
    model: string,
    input: readonly object[],
    { rows, columns }: Pick<ReplayView, 'rows' | 'columns'>,
    { caller, signal, now }: ReplayOrder,
  ): Promise<ReplayedModelView> {
    const body = Readable.from([JSON.stringify({ model, input, encoding_format: 'base64' })], { objectMode: false });
    const headers = { 'content-type': 'application/json' };
    const call = { method: 'POST', path: '/v1/embeddings', headers, body, signal } as const;
    const startMs = now();
    try {
      return await this.inference.call(caller, call, async (answer) => {
        const requestId = idOf(answer);
        if ((answer.statusCode ?? 502) >= 400) return failed(model, (await failureOf(answer)).message, requestId);
        const vectors = await vectorsOf(answer, input.length);
        const durationMs = now() - startMs;
        const cosines = rows.map((row) => columns.map((column) => cosineOf(vectors[row], vectors[column])));
        return { model, requestId, durationMs, dimension: vectors[0]?.length ?? null, error: null, cosines };
      });
    } catch (err) {
      return failed(model, DomainError.from(err).message, null);
    }
  }
}

function failed(model: string, error: string, requestId: string | null): ReplayedModelView {
  return { model, requestId, durationMs: null, dimension: null, error, cosines: [] };
}

/** An item in the form of `/v1/embeddings`. */
function inputOf(item: InputItem): object {
  if (item.kind === 'text') return { text: item.text };
  return { image: item.kind === 'uri' ? item.uri : Buffer.from(item.bytes).toString('base64') };
}

function idOf({ headers }: IncomingMessage): string | null {
  const id = headers['x-request-id'];
  return typeof id === 'string' ? id : null;
}

function pairsOf(items: readonly InputItem[]): Pick<ReplayView, 'rows' | 'columns'> {
  const all = items.map((_, at) => at);
  const [texts, images] = [true, false].map((isText) => all.filter((at) => (items[at]?.kind === 'text') === isText));
  if (!texts?.length || !images?.length) return { rows: all, columns: all };
  return { rows: images, columns: texts };
}

function cosineOf(a: Float32Array | undefined, b: Float32Array | undefined): number | null {
  if (a === undefined || b === undefined) return null;
  let [dot, normA, normB] = [0, 0, 0];
  a.forEach((value, at) => {
    const other = b[at] ?? 0;
    dot += value * other;
    normA += value * value;
    normB += other * other;
  });
  const cosine = dot / Math.sqrt(normA * normB);
  return Number.isFinite(cosine) ? Math.round(cosine * 1e6) / 1e6 : null;
}
