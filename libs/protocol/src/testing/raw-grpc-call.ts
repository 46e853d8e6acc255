import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';

/** A call under way, and how it ends. */
export interface RawGrpcCall {
  readonly stream: ClientHttp2Stream;
  /** `grpc-status` and the trailers beside it. */
  readonly ended: Promise<IncomingHttpHeaders>;
  /** Trailers that are there already. */
  readonly outcome: () => IncomingHttpHeaders | undefined;
}

/** For specs: a gRPC call whose bytes a spec writes itself; answers are read and dropped. */
export function beginCall(
  session: ClientHttp2Session,
  path: string,
  headers: Record<string, string> = {},
): RawGrpcCall {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => undefined).resume();
  let outcome: IncomingHttpHeaders | undefined;
  const ended = new Promise<IncomingHttpHeaders>((resolve) => {
    const note = (fields: IncomingHttpHeaders): void => {
      if (fields['grpc-status'] !== undefined) resolve((outcome = fields));
    };
    stream.on('response', note).on('trailers', note);
  });
  return { stream, ended, outcome: () => outcome };
}
