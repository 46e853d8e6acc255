import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { ServerOptions, WebSocketServer } from 'ws';
import { arrivalOf, TRACE_RESPONSE_HEADER, traceResponse } from '../request/arrival.js';
import { UNAUTHENTICATED_BYTES_MAX } from '../request/caller.js';
import { admitEverybody, chooseProtocol, guardUpgrade, type WebSocketAccess } from './websocket-access.js';
import { closeForFailure, ExplainingSocket } from './failure-close.js';

/** How long a client may take to answer the shutdown notice, in milliseconds. */
const SHUTDOWN_NOTICE_MS = 1_000;

/**
 * Nest's `ws` adapter with our bounds on frames, no compression (embeddings do not shrink and it costs memory per
 * connection), the sub-protocols that clients ask for, and a shutdown notice (1001) instead of a cut line.
 */
export class SharedPortWsAdapter extends WsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly messageBytesMax: number,
    /** Gets the path of each gateway. */
    private readonly paths: Set<string>,
    private readonly access: WebSocketAccess,
  ) {
    super(app);
  }

  override create(port: number, options: Parameters<WsAdapter['create']>[1]): ReturnType<WsAdapter['create']> {
    const path = String(options?.path);
    this.paths.add(path);
    const need = needOf(options);
    if (need === undefined) throw new TypeError(`The WebSocket at ${path} does not say what it needs.`);
    const isOpen = need === 'nothing';
    const bounds = {
      maxPayload: isOpen ? UNAUTHENTICATED_BYTES_MAX : this.messageBytesMax,
      perMessageDeflate: false,
      skipUTF8Validation: true, // whoever reads a text checks it, and can say at which byte it is wrong
      WebSocket: ExplainingSocket,
      handleProtocols: chooseProtocol,
      verifyClient: isOpen ? admitEverybody(this.access) : guardUpgrade(this.access),
    } satisfies ServerOptions;
    const server: WebSocketServer = super.create(port, { ...options, ...bounds });
    return server.on('headers', (headers, upgrade) => {
      const arrival = arrivalOf(upgrade);
      const response = arrival && traceResponse(arrival.trace);
      if (response !== undefined) headers.push(`${TRACE_RESPONSE_HEADER}: ${response}`);
    });
  }

  /**
   * Nest would parse every message as JSON, all of it at once, to find a handler for it; connections read their own
   * messages.
   */
  override bindMessageHandlers(): void {
    // Nothing to bind.
  }

  override async close(server: WebSocketServer): Promise<void> {
    const closed = [...server.clients].map(
      (client) =>
        new Promise<void>((resolve) => {
          client.once('close', () => resolve());
          closeForFailure(client, 1001, 'The server is shutting down.');
        }),
    );
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, SHUTDOWN_NOTICE_MS).unref());
    await Promise.race([Promise.all(closed), timeout]);
    await super.close(server);
  }
}

/** What the gateway declares beside its path. */
function needOf(options: object | undefined): 'nothing' | 'documents' | undefined {
  const need: unknown = options && Reflect.get(options, 'needs');
  return need === 'nothing' || need === 'documents' ? need : undefined;
}
