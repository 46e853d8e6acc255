import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { type Clock, statusOf } from '#core';
import { ByteBudget } from '../budget/index.js';
import { callerKey, callerOf } from '../request/caller.js';
import { CLOCK } from '../request/protocol-parts.js';
import { ServiceState } from '../request/server-info.js';
import { closeForFailure } from './failure-close.js';
import { receiveMessages } from './message-receiver.js';

/** `StatusProto{code: ERROR}`: field 1, varint 1. Success is the empty message. */
const ERROR_STATUS = Buffer.from([0x08, 0x01]);

/** How long a client may take to ask, in milliseconds; the Python client does at once. */
const ASK_MS_MAX = 10_000;

/** `ws://…/dry_run`: any message is answered with the serialized status of the default model, then the line closes. */
@WebSocketGateway({ path: '/dry_run', needs: 'nothing' })
export class DryRunGateway implements OnGatewayConnection {
  constructor(
    private readonly service: ServiceState,
    private readonly budget: ByteBudget,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  handleConnection(socket: WebSocket, upgrade: IncomingMessage): void {
    // ws itself closes with what the mistake calls for (1009 over the limit), and goes on reading so that the client
    // gets it.
    socket.on('error', () => undefined);
    // Whoever needs no token could else hold lines open for ever.
    socket.once(
      'close',
      this.clock.after(ASK_MS_MAX, () => socket.terminate()),
    );
    const discardRest = receiveMessages(socket, upgrade.socket, {
      budget: this.budget,
      caller: () => callerKey(callerOf(upgrade, 'websocket')),
      onMessage: ({ reservation }) => {
        reservation.release();
        discardRest();
        socket.send(this.service.isReady() ? Buffer.alloc(0) : ERROR_STATUS, () => socket.close(1000));
        return undefined;
      },
      onCut: ({ code, message }) => closeForFailure(socket, statusOf(code).wsClose, message),
    });
  }
}
