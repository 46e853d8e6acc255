import type { DocumentRequest } from '#serving';
import { readDocuments } from './json-document-decoder.js';
import { isRecord, type Loc, notAList, readJsonObject, readString } from './json-fields.js';
import { JsonOutline } from './json-outline.js';
import type { SealedRequest } from '../sealed-request.js';

/** What a JSON body may leave out. */
export interface JsonRequestDefaults {
  /** Where the request goes when the body names no endpoint: `/`, or what the path of a POST says. */
  readonly endpoint?: string;
  /** The id of a request whose body has none. */
  readonly requestId?: string;
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number;
}

/** A JSON request; see SealedRequest. */
export interface JsonRequest extends SealedRequest {
  /** Whether it has the form that jina's Python client sends: `header.request_id` and a top-level `exec_endpoint`. */
  readonly hasJinaForm: boolean;
}

/**
 * Reads a JSON body of the compatible surface, from the Python client or by hand, but for its documents: `data` as a
 * list of documents, as `{"docs": […]}`, null or absent; keys of the envelope in snake or camel case, unknown ones
 * ignored. Throws RequestShapeError for a wrong shape.
 * @param bytes valid UTF-8
 */
export async function readJsonRequest(bytes: Buffer, defaults: JsonRequestDefaults): Promise<JsonRequest> {
  const body = await JsonOutline.ofBody(bytes);
  const list = await findList(body);
  const header = body.span('header')?.kind === 'object' ? body.value('header', ['body', 'header']) : undefined;
  return {
    ...readHead(body, header, defaults),
    hasJinaForm: hasJinaForm(body, header),
    count: list?.outline.span(list.name)?.elements ?? 0,
    byteLength: bytes.length,
    open: async () => {
      const cursor = list?.outline.at(list.name);
      return list && cursor ? readDocuments(cursor, list.loc) : [];
    },
  };
}

/** Where the documents stand. */
interface DocumentList {
  readonly outline: JsonOutline;
  readonly name: string;
  readonly loc: Loc;
}

function readHead(
  body: JsonOutline,
  header: unknown,
  defaults: JsonRequestDefaults,
): Omit<DocumentRequest, 'documents'> {
  const parameters = body.value('parameters', ['body', 'parameters']);
  const target = readText(body, 'targetExecutor') ?? readText(body, 'target_executor');
  return {
    requestId: requestIdOf(header) ?? defaults.requestId ?? '',
    endpoint: readText(body, 'execEndpoint') ?? readText(body, 'exec_endpoint') ?? defaults.endpoint ?? '/',
    ...(target === undefined ? {} : { targetExecutor: target }),
    parameters: parameters === undefined ? {} : readJsonObject(parameters, ['body', 'parameters']),
    hasParameters: parameters !== undefined,
    receivedAtMs: defaults.receivedAtMs,
  };
}

function requestIdOf(header: unknown): string | undefined {
  if (!isRecord(header)) return undefined;
  const id = header['request_id'] ?? header['requestId'];
  return typeof id === 'string' ? id : undefined;
}

function hasJinaForm(body: JsonOutline, header: unknown): boolean {
  return isRecord(header) && typeof header['request_id'] === 'string' && body.span('exec_endpoint')?.kind === 'string';
}

function readText(body: JsonOutline, key: string): string | undefined {
  const value = body.value(key, ['body', key]);
  return value === undefined ? undefined : readString(value, ['body', key]);
}

async function findList(body: JsonOutline): Promise<DocumentList | undefined> {
  const loc = ['body', 'data'];
  const data = body.span('data');
  if (!data) return undefined;
  if (data.kind === 'list') return { outline: body, name: 'data', loc };
  if (data.kind !== 'object') throw notAList(loc);
  const inner = await body.inner('data', loc);
  const docsLoc = [...loc, 'docs'];
  if (!inner || !inner.has('docs')) throw notAList(docsLoc);
  const docs = inner.span('docs');
  if (docs && docs.kind !== 'list') throw notAList(docsLoc);
  return { outline: inner, name: 'docs', loc: docsLoc };
}
