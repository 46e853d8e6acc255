import type { DocumentResponse, DocumentRoute, DocumentStatus } from '#serving';
import { documentsToJson, valueToJson } from './json-document-encoder.js';

/**
 * The JSON object that the Python gateway answers over HTTP: envelope in camelCase with null for what is unset,
 * documents in snake_case. The Python client parses the envelope strictly: a key too many makes it fail. In pieces.
 */
export function encodeHttpResponse(response: DocumentResponse): Iterable<string> {
  const { requestId, endpoint, status } = response;
  const header = { requestId, status: statusToJson(status), execEndpoint: endpoint, targetExecutor: '' };
  const routes = response.routes.map((route) => ({
    executor: route.executor,
    startTime: `${utcTime(route.startTimeMs)}+00:00`,
    endTime: `${utcTime(route.endTimeMs)}+00:00`,
    status: statusToJson(route.status),
  }));
  return envelope(header, routes, response);
}

/** The text frame of a WebSocket without sub-protocol `bytes`: snake_case, and no null in the envelope. In pieces. */
export function encodeWebSocketResponse(response: DocumentResponse): Iterable<string> {
  const { requestId, endpoint, status } = response;
  const header = {
    request_id: requestId,
    ...(status ? { status: statusToJson(status) } : {}),
    exec_endpoint: endpoint,
    target_executor: '',
  };
  return envelope(header, response.routes.map(snakeRoute), response);
}

/** A route with protobuf's own field names. */
export function snakeRoute({ executor, startTimeMs, endTimeMs, status }: DocumentRoute): object {
  return {
    executor,
    start_time: `${utcTime(startTimeMs)}Z`,
    end_time: `${utcTime(endTimeMs)}Z`,
    ...(status ? { status: statusToJson(status) } : {}),
  };
}

/** `jina.StatusProto` with its code as the number that the Python gateway writes. */
export function statusToJson(status: DocumentStatus | undefined): object | null {
  if (!status) return null;
  const { code, description, exception } = status;
  return { code: code === 'ERROR' ? 1 : 0, description, ...(exception ? { exception } : {}) };
}

function* envelope(
  header: object,
  routes: readonly object[],
  { parameters, documents }: DocumentResponse,
): Generator<string, void> {
  yield `{"header":${JSON.stringify(header)},"parameters":${valueToJson(parameters)},"routes":${JSON.stringify(routes)},"data":`;
  yield* documentsToJson(documents);
  yield '}';
}

/**
 * A time as RFC 3339 in UTC, to the microsecond as Python writes it, without the zone: the JSON forms differ in that
 * (`+00:00` or `Z`). `timeMs` is milliseconds since 1970, fractions kept.
 */
function utcTime(timeMs: number): string {
  const micros = Math.round(timeMs * 1000);
  const seconds = Math.floor(micros / 1e6);
  const date = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${date}.${String(micros - seconds * 1e6).padStart(6, '0')}`;
}
