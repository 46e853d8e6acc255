import type { DocumentRequest } from '#serving';
import { readDocuments } from './json-document-decoder.js';
import { isRecord, readJsonObject, readRecord, readString } from './json-fields.js';

/** What a JSON body may leave out. */
export interface JsonRequestDefaults {
  /** Where the request goes when the body names no endpoint: `/`, or what the path of a POST says. */
  readonly endpoint?: string;
  /** The id of a request whose body has none. */
  readonly requestId?: string;
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number;
}

/**
 * A JSON body of the compatible surface, from the Python client or by hand: `data` as a list of documents, as
 * `{"docs": […]}`, null or absent; keys of the envelope in snake or camel case, unknown ones ignored. Throws
 * RequestShapeError for a wrong shape.
 */
export function decodeJsonRequest(body: unknown, defaults: JsonRequestDefaults): DocumentRequest {
  const envelope = readRecord(body, ['body']);
  const parameters = envelope['parameters'] ?? undefined;
  const target = stringOf(envelope, 'targetExecutor') ?? stringOf(envelope, 'target_executor');
  return {
    requestId: requestIdOf(envelope) ?? defaults.requestId ?? '',
    endpoint: stringOf(envelope, 'execEndpoint') ?? stringOf(envelope, 'exec_endpoint') ?? defaults.endpoint ?? '/',
    ...(target === undefined ? {} : { targetExecutor: target }),
    parameters: parameters === undefined ? {} : readJsonObject(parameters, ['body', 'parameters']),
    hasParameters: parameters !== undefined,
    documents: documentsOf(envelope['data']),
    receivedAtMs: defaults.receivedAtMs,
  };
}

function requestIdOf(envelope: Record<string, unknown>): string | undefined {
  const header = envelope['header'];
  if (!isRecord(header)) return undefined;
  const id = header['request_id'] ?? header['requestId'];
  return typeof id === 'string' && id.isWellFormed() ? id : undefined;
}

function stringOf(envelope: Record<string, unknown>, key: string): string | undefined {
  const value = envelope[key] ?? undefined;
  return value === undefined ? undefined : readString(value, ['body', key]);
}

function documentsOf(data: unknown): DocumentRequest['documents'] {
  if (data === undefined || data === null) return [];
  if (!isRecord(data)) return readDocuments(data, ['body', 'data']);
  return data['docs'] === null ? [] : readDocuments(data['docs'], ['body', 'data', 'docs']);
}
