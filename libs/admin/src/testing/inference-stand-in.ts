import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** Stands for the inference API on loopback: the tests say what it answers. */
export class InferenceStandIn implements AsyncDisposable {
  /** The Authorization headers of all requests, in their order. */
  readonly tokensSeen: (string | undefined)[] = [];
  handle: Handler = answering(200, {});

  private constructor(private readonly server: Server) {}

  static async open(): Promise<InferenceStandIn> {
    const server = createServer((req, res) => {
      standIn.tokensSeen.push(req.headers.authorization);
      standIn.handle(req, res);
    });
    const standIn = new InferenceStandIn(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Reads the request to its end and answers always the same. */
export function answering(status: number, body: object, headers: Record<string, string> = {}): Handler {
  return (req, res) => {
    req.resume().once('end', () => {
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  };
}
