import type { IncomingMessage } from 'node:http';
import { type BeforeApplicationShutdown } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { ProtocolServices } from '../request/protocol-services.js';
import { DocumentConnection } from './document-connection.js';

/** The compatible surface at `/`: one connection carries one stream of requests, as the Python client opens it. */
@WebSocketGateway({ path: '/' })
export class DocumentsGateway implements OnGatewayConnection, BeforeApplicationShutdown {
  private readonly connections = new Set<DocumentConnection>();

  constructor(private readonly services: ProtocolServices) {}

  handleConnection(socket: WebSocket, upgrade: IncomingMessage): void {
    const connection = new DocumentConnection(socket, upgrade, this.services);
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
  }

  /** What clients have asked is answered before the adapter says farewell. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.connections].map((connection) => connection.finish()));
  }
}
