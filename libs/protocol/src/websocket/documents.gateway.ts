import type { IncomingMessage } from 'node:http';
import { type BeforeApplicationShutdown, Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import type { Clock } from '#core';
import { DocumentService } from '#serving';
import { ByteBudget } from '../budget/index.js';
import { FirstByteTimer } from '../request/first-byte.js';
import { RequestPipeline } from '../request/pipeline.js';
import { CLOCK, ProtocolLimits } from '../request/protocol-parts.js';
import { type ConnectionParts, DocumentConnection } from './document-connection.js';

/** The compatible surface at `/`: one connection carries one stream of requests, as the Python client opens it. */
@WebSocketGateway({ path: '/', needs: 'documents' })
export class DocumentsGateway implements OnGatewayConnection, BeforeApplicationShutdown {
  private readonly connections = new Set<DocumentConnection>();

  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly documents: DocumentService,
    private readonly limits: ProtocolLimits,
    private readonly budget: ByteBudget,
    private readonly firstBytes: FirstByteTimer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  handleConnection(socket: WebSocket, upgrade: IncomingMessage): void {
    const connection = new DocumentConnection(socket, upgrade, this.parts);
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
  }

  private get parts(): ConnectionParts {
    const { pipeline, documents, limits, budget, firstBytes, clock } = this;
    return { pipeline, documents, limits, budget, firstBytes, clock };
  }

  /** Answers what clients have asked before the adapter sends the shutdown notice. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.connections].map((connection) => connection.finish()));
  }
}
