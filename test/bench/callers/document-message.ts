import { randomUUID } from 'node:crypto';
import { bytesMethod } from './definitions.js';
import type { Requests } from './caller.js';

const call = bytesMethod('jina.JinaRPC', 'Call');

/**
 * The requests as `jina.DataRequestProto`, as the Python client sends them: over gRPC and in WebSocket frames alike.
 */
export function documentMessages({ lists }: Requests): Buffer[] {
  return lists.map((list) =>
    call.encode({
      header: { requestId: randomUUID().replaceAll('-', ''), execEndpoint: '/encode' },
      parameters: { fields: { drop_image_content: { boolValue: true } } },
      data: { docs: { docs: list.map(documentOf) } },
    }),
  );
}

/** Throws unless every document of the answer has an embedding. */
export function checkDocuments(answer: Buffer, { lists }: Requests): void {
  const { data } = call.decode(answer) as { data?: { docs?: { docs: { embedding?: object }[] } } };
  const documents = data?.docs?.docs ?? [];
  if (documents.length === lists[0]?.length && documents.every((document) => document.embedding)) return;
  throw new Error(`The answer has ${documents.length} documents, or one without an embedding.`);
}

function documentOf(item: string | Buffer): object {
  const id = randomUUID().replaceAll('-', '');
  return typeof item === 'string' ? { id, text: item } : { id, blob: item };
}
