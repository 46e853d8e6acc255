import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { RunningServer } from '../../support/server.js';

/**
 * Calls `/package.Service/Method` with an empty message and headers that no gRPC library would send; gives the
 * trailers.
 */
export async function rawGrpcCall(
  server: RunningServer,
  path: string,
  headers: Record<string, string>,
): Promise<IncomingHttpHeaders> {
  const session = connect(server.http());
  try {
    const call = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    let trailers: IncomingHttpHeaders = {};
    const note = (fields: IncomingHttpHeaders): void => void (trailers = { ...trailers, ...fields });
    call.on('response', note).on('trailers', note).resume();
    call.end(Buffer.alloc(5));
    await new Promise<void>((resolve, reject) => call.on('close', resolve).on('error', reject));
    return trailers;
  } finally {
    session.destroy();
  }
}
