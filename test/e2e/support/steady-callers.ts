import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { WebSocket } from 'ws';
import { repositoryRoot } from '../../support/server.js';
import { grpcClient, unary, type AnyClient } from './grpc-clients.js';

/** Where callers reach the service: through a proxy, or one process itself. */
export interface Reached {
  target: string;
  http(path?: string): string;
  ws(path?: string): string;
}

/** How many calls of one protocol came back with vectors, and what became of the others. */
export interface Seen {
  ok: number;
  failed: string[];
}

export type Protocol = 'grpc' | 'http' | 'websocket';

const PROTOCOLS: readonly Protocol[] = ['grpc', 'http', 'websocket'];
const CALLERS_OF_EACH = 3;
/** A service that is gone for good fails the test soon. */
const FAILURES_MAX = 50;
/** Leaves the machine room for processes that start and end meanwhile. */
const PAUSE_MS = 40;

/** One embedding after the other over one protocol; `call` rejects with what the caller was told. */
interface Caller {
  call(text: string): Promise<void>;
  close(): void;
}

/**
 * Callers over all three protocols, each with one request in flight at any time and a text of its own every time. With
 * `policy` they do what docs/clients.md says ("Several servers"), by the page's own service config and function;
 * without, the first failure counts.
 */
export class SteadyCallers implements AsyncDisposable {
  readonly seen: Record<Protocol, Seen>;
  private isOver = false;
  private sent = 0;
  private readonly running: Promise<void>[];

  private constructor(makers: Record<Protocol, () => Caller>) {
    this.seen = { grpc: nothing(), http: nothing(), websocket: nothing() };
    const each = PROTOCOLS.flatMap((protocol) => Array.from({ length: CALLERS_OF_EACH }, () => protocol));
    this.running = each.map((protocol) => this.run(protocol, makers[protocol]()));
  }

  static async of(reached: Reached, token: string, { policy }: { policy: boolean }): Promise<SteadyCallers> {
    const { serviceConfig, fetchAgain } = await documentedPolicy();
    const authorization = `Bearer ${token}`;
    return new SteadyCallers({
      grpc: () => overGrpc(reached.target, authorization, policy ? serviceConfig : undefined),
      http: () => overHttp(reached.http('/v1/embeddings'), authorization, policy ? fetchAgain : fetch),
      websocket: () => overWebSocket(reached.ws(), authorization, policy ? 5 : 1),
    });
  }

  /** How many callers of one protocol there are: so many requests of it can be in flight at most. */
  static readonly ofEach = CALLERS_OF_EACH;

  /** Resolves when every protocol has had `count` more answers. */
  async answers(count: number): Promise<void> {
    const wanted = PROTOCOLS.map((protocol) => [protocol, this.seen[protocol].ok + count] as const);
    while (wanted.some(([protocol, ok]) => this.seen[protocol].ok < ok)) {
      const failed = PROTOCOLS.flatMap((protocol) => this.seen[protocol].failed);
      if (failed.length > FAILURES_MAX) throw new Error(`Too many calls fail: ${[...new Set(failed)].join('; ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Everything that failed until now, by protocol. */
  failures(): Record<Protocol, string[]> {
    const { grpc, http, websocket } = this.seen;
    return { grpc: grpc.failed, http: http.failed, websocket: websocket.failed };
  }

  /** Stops calling; what is in flight is waited for and counted. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  private async run(protocol: Protocol, caller: Caller): Promise<void> {
    const seen = this.seen[protocol];
    while (!this.isOver && seen.failed.length <= FAILURES_MAX) {
      this.sent += 1;
      try {
        await caller.call(`a photo of number ${this.sent}`);
        seen.ok += 1;
      } catch (error) {
        seen.failed.push(
          error instanceof Error ? `${error.message} ${String(error.cause ?? '')}`.trim() : String(error),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    caller.close();
  }
}

const nothing = (): Seen => ({ ok: 0, failed: [] });

function overGrpc(target: string, authorization: string, serviceConfig: string | undefined): Caller {
  const channel = serviceConfig === undefined ? { 'grpc.enable_retries': 0 } : { 'grpc.service_config': serviceConfig };
  const client: AnyClient = grpcClient('clip.v1.Clip', target, { channel });
  const metadata = new Metadata();
  metadata.set('authorization', authorization);
  return {
    async call(text) {
      try {
        await unary(client, 'Encode', { items: [{ text }] }, { metadata, deadline: Date.now() + 30_000 });
      } catch (error) {
        const { code, details } = error as ServiceError;
        throw new Error(`${code} ${details}`, { cause: error });
      }
    },
    close: () => client.close(),
  };
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

function overHttp(url: string, authorization: string, send: Fetch): Caller {
  const headers = { 'content-type': 'application/json', authorization };
  return {
    async call(text) {
      const answer = await send(url, { method: 'POST', headers, body: JSON.stringify({ input: text }) });
      const body = await answer.text();
      if (answer.status !== 200) throw new Error(`${answer.status} ${body}`);
    },
    close: () => undefined,
  };
}

/** One socket for all calls; after a close the next attempt opens another. */
function overWebSocket(url: string, authorization: string, attemptsMax: number): Caller {
  let socket: WebSocket | undefined;
  let isGone = Promise.reject<never>(new Error('not connected'));
  isGone.catch(() => undefined);
  const connected = async (): Promise<WebSocket> => {
    if (socket?.readyState === WebSocket.OPEN) return socket;
    socket?.terminate();
    socket = new WebSocket(url, 'json', { headers: { authorization } });
    isGone = failure(socket);
    isGone.catch(() => undefined);
    await Promise.race([once(socket, 'open'), isGone]);
    return socket;
  };
  const attempt = async (text: string): Promise<void> => {
    const open = await connected();
    const answer = once(open, 'message') as Promise<[Buffer]>;
    answer.catch(() => undefined);
    open.send(JSON.stringify({ data: [{ text }], execEndpoint: '/encode' }));
    const [data] = await Promise.race([answer, isGone]);
    if (!data.includes('embedding')) throw new Error(data.toString());
  };
  return {
    async call(text) {
      for (let count = 1; ; count += 1) {
        try {
          return await attempt(text);
        } catch (error) {
          if (count === attemptsMax) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** count));
        }
      }
    },
    close: () => socket?.terminate(),
  };
}

/** Rejects when the connection is refused or ends, with what the caller is told. */
function failure(socket: WebSocket): Promise<never> {
  return new Promise((_, reject) => {
    socket.once('error', reject);
    socket.once('unexpected-response', (_req, res) => {
      void res
        .toArray()
        .then((parts) => reject(new Error(`WebSocket ${res.statusCode} ${Buffer.concat(parts).toString()}`)));
    });
    socket.once('close', (code) => reject(new Error(`closed ${code}`)));
  });
}

/** What docs/clients.md shows, taken from the page. */
async function documentedPolicy(): Promise<{ serviceConfig: string; fetchAgain: Fetch }> {
  const page =
    readFileSync(join(repositoryRoot, 'docs', 'clients.md'), 'utf8').split('\n## Several servers\n')[1] ?? '';
  const serviceConfig = /^```json\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
  const code = /^export async function fetchAgain[\s\S]*?(?=^const url)/m.exec(page)?.[0] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'cas-policy-'));
  try {
    writeFileSync(join(folder, 'policy.mts'), code);
    const { fetchAgain } = (await import(pathToFileURL(join(folder, 'policy.mts')).href)) as { fetchAgain: Fetch };
    return { serviceConfig: JSON.stringify(JSON.parse(serviceConfig)), fetchAgain };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
