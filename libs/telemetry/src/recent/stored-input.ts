import { z } from 'zod';
import { type InputItem, parseJson } from '#core';
import type { StoredRequestEntity } from '#database';
import type { TraceRecord } from '../tracing/records.js';
import { summaryOf, traceKey } from './stored-trace.js';

/** Bytes of a row beside its content. */
const ROW_BYTES = 500;

const contentSchema = z.array(
  z.union([
    z.strictObject({ text: z.string() }),
    z.strictObject({ image: z.string() }),
    z.strictObject({ uri: z.string() }),
  ]),
);

/** Makes of a request's inputs what is kept of them: copies, images in base64. */
export function rowOfInputs(trace: TraceRecord, inputs: readonly InputItem[]): StoredRequestEntity {
  const { requestId, principalId, operation, model = '', startedAtMs } = trace;
  const { traceId, spanId } = summaryOf(trace);
  const content = JSON.stringify(
    inputs.map((item) => {
      if (item.kind === 'text') return { text: item.text.replaceAll('\0', '') };
      return item.kind === 'uri'
        ? { uri: item.uri.replaceAll('\0', '') }
        : { image: Buffer.from(item.bytes).toString('base64') };
    }),
  );
  return {
    ...{ id: traceKey({ traceId, spanId }), traceId, requestId: requestId.slice(0, 128), principalId },
    ...{ operation: operation.slice(0, 60), model: model.slice(0, 200), startedAtMs: Math.floor(startedAtMs) },
    ...{ items: inputs.length, bytes: ROW_BYTES + Buffer.byteLength(content), content },
  };
}

/** Gives the inputs back; none where another version of the service has written what this one cannot read. */
export function inputsOfRow({ content }: Pick<StoredRequestEntity, 'content'>): InputItem[] {
  const { data = [] } = contentSchema.safeParse(parseJson(content));
  return data.map((item) => {
    if ('text' in item) return { kind: 'text', text: item.text };
    return 'uri' in item ? { kind: 'uri', uri: item.uri } : { kind: 'image', bytes: Buffer.from(item.image, 'base64') };
  });
}
