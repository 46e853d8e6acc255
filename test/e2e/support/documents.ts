import type { ClientDuplexStream } from '@grpc/grpc-js';

/** A document as proto-loader's objects have it; only what the tests send and read. */
export interface DocumentMessage {
  id?: string;
  text?: string;
  blob?: Uint8Array;
  uri?: string;
  mimeType?: string;
  tags?: unknown;
  chunks?: DocumentMessage[];
  matches?: DocumentMessage[];
  scores?: Record<string, { value: number; opName: string }>;
  embedding?: { dense?: { buffer: Buffer; shape: number[]; dtype: string } } | null;
}

export interface StatusMessage {
  code: string;
  description: string;
  exception: { name: string; args: string[]; stacks: string[]; executor: string } | null;
}

/** `jina.DataRequestProto`. */
export interface DataMessage {
  header: { requestId: string; execEndpoint: string; status?: StatusMessage | null };
  parameters?: unknown;
  routes?: { executor: string; startTime: Time; endTime: Time }[];
  data: { docs: { docs: DocumentMessage[] } };
}

interface Time {
  seconds: number;
  nanos: number;
}

/** A request as the Python client makes one. */
export function dataMessage(requestId: string, docs: DocumentMessage[], execEndpoint = '/encode'): DataMessage {
  return { header: { requestId, execEndpoint }, data: { docs: { docs } } };
}

/** Texts as documents with the ids `PREFIX-0`, `PREFIX-1`, … */
export function textDocuments(prefix: string, texts: readonly string[]): DocumentMessage[] {
  return texts.map((text, index) => ({ id: `${prefix}-${index}`, text }));
}

/**
 * A request whose document is only echoed: it has nothing to encode, so it costs the server bytes and no model. `bytes`
 * is about the size of the message, both ways.
 */
export function echoMessage(requestId: string, bytes: number): DataMessage {
  const fill = { stringValue: 'x'.repeat(bytes) };
  return dataMessage(requestId, [{ id: requestId, tags: { fields: { fill } } }]);
}

export const idsOf = (message: DataMessage): string[] => message.data.docs.docs.map(({ id }) => id ?? '');

/** The vector of a document; throws when it has none. */
export function vectorOf(document: DocumentMessage | undefined): Float32Array {
  const dense = document?.embedding?.dense;
  if (!dense) throw new Error(`document ${document?.id} has no embedding`);
  return new Float32Array(Uint8Array.from(dense.buffer).buffer);
}

/** Sends everything, respecting flow control, and resolves with all answers in the order they came. */
export async function exchange(
  stream: ClientDuplexStream<DataMessage, DataMessage>,
  messages: Iterable<DataMessage>,
): Promise<DataMessage[]> {
  const answers: DataMessage[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('data', (answer: DataMessage) => answers.push(answer));
    stream.on('end', resolve);
    stream.on('error', reject);
  });
  await Promise.race([sendAll(stream, messages), ended]);
  await ended;
  return answers;
}

async function sendAll(stream: ClientDuplexStream<DataMessage, DataMessage>, messages: Iterable<DataMessage>) {
  for (const message of messages) {
    if (!stream.write(message)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
}
