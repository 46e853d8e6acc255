import { HealthImplementation, type ServingStatusMap } from 'grpc-health-check';
import type { Server } from '@grpc/grpc-js';
import { SERVED_SERVICES } from './definitions.js';

/** Every service that `grpc.health.v1` answers for, and "" for the server as a whole. */
const HEALTH_NAMES = ['', ...SERVED_SERVICES];

/** `grpc.health.v1`, kept in step with readiness by whoever knows it. */
export class GrpcHealth {
  private readonly implementation = new HealthImplementation(statusMap('NOT_SERVING'));
  private serving = false;

  addTo(server: Server): void {
    this.implementation.addToServer(server);
  }

  set(serving: boolean): void {
    if (serving === this.serving) return;
    this.serving = serving;
    for (const name of HEALTH_NAMES) this.implementation.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  }
}

function statusMap(status: 'SERVING' | 'NOT_SERVING'): ServingStatusMap {
  return Object.fromEntries(HEALTH_NAMES.map((name) => [name, status]));
}
