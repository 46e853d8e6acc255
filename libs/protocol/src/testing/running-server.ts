import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createInferenceServer, type InferenceServer, type ServerOptions } from '../server/create-server.js';
import { buildServices, type SampleServices } from './sample-services.js';
import type { ProtocolLimits } from '../request/protocol-parts.js';

/** For specs: the whole inference API on a free port, over the services of buildServices. */
export interface RunningServer extends SampleServices, InferenceServer {
  port: number;
  /** Sends one request as it is written and gives the whole answer; for what no HTTP client would send. */
  sendRaw(request: string): Promise<string>;
}

/** See RunningServer. */
export async function startServer(
  limits: Partial<ProtocolLimits> = {},
  more: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  const sample = buildServices(limits);
  const silent = { log: nothing, error: nothing, warn: nothing };
  const options = { parts: sample.services, reflection: false, graceMs: 2_000, logger: silent, ...more };
  const server = await createInferenceServer(options);
  await server.app.listen(0, '127.0.0.1');
  const { port } = addressOf(server.app.getHttpServer().address());
  const sendRaw = (request: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    return text(socket);
  };
  return { ...sample, ...server, port, sendRaw };
}

function nothing(): void {}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen on a port.');
  return address;
}
