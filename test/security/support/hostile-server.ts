import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** A server of the test, with what reached it. */
export interface HostileServer {
  readonly port: number;
  /** Connections that were opened, whether or not a request came. */
  readonly connections: () => number;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** An HTTP server on a free port; on all addresses, so that every spelling of the loopback would reach it. */
export async function startServer(answer: RequestListener, host = '::'): Promise<HostileServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    answer(req, res);
  });
  const started = await start(server, host);
  return { ...started, requests };
}

/** A server that speaks bare TCP, for answers no HTTP library would send. */
export async function startTcpServer(answer: (socket: Socket) => void): Promise<HostileServer> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  return { ...(await start(server, '127.0.0.1')), requests: [] };
}

async function start(server: Server | ReturnType<typeof createTcpServer>, host: string) {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
