import type { IncomingMessage } from 'node:http';
import { randomId, type RequestTrace, type SpanDescription } from '#core';
import {
  type Arrival,
  arrivalOf,
  readHeader,
  rememberArrival,
  StreamArrival,
  type Tracing,
  userAgentAttribute,
} from '../request/arrival.js';
import { callerOf } from '../request/caller.js';

/** Begins the trace of an upgrade, which is that of the first request on its connection. */
export function beginUpgradeTrace(tracing: Tracing, requestId: string, upgrade: IncomingMessage): Arrival {
  const trace = tracing.tracer.begin(requestId, upgrade, readHeader);
  const arrival = new WebSocketArrival(tracing, upgrade, trace);
  rememberArrival(upgrade, arrival);
  return arrival;
}

/** Begins the trace of the next message on the connection of `upgrade`; undefined where nothing is traced. */
export function nextMessage(upgrade: IncomingMessage): Arrival | undefined {
  const first = arrivalOf(upgrade);
  return first instanceof WebSocketArrival ? first.next(randomId(16)) : undefined;
}

/** A request over a WebSocket, for which OpenTelemetry has no conventions: those of the upgrade's HTTP are used. */
class WebSocketArrival extends StreamArrival {
  constructor(
    tracing: Tracing,
    private readonly upgrade: IncomingMessage,
    trace: RequestTrace,
  ) {
    super('websocket', tracing, trace);
  }

  protected another(trace: RequestTrace): WebSocketArrival {
    return new WebSocketArrival(this.tracing, this.upgrade, trace);
  }

  describe(): SpanDescription {
    const { upgrade, operation } = this;
    const { address } = callerOf(upgrade, 'websocket');
    return {
      name: `WebSocket ${operation}`,
      attributes: {
        'network.protocol.name': 'websocket',
        'client.address': address,
        ...userAgentAttribute(upgrade.headers['user-agent']),
      },
    };
  }
}
