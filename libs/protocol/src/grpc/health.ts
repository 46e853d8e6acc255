import {
  type sendUnaryData,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { SERVED_SERVICES } from './definitions.js';

/** What a name is answered with; `SERVICE_UNKNOWN` is told to watchers only. */
type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

/** The models that are served, by name, each with whether it can answer now. */
export type ModelsServing = ReadonlyMap<string, boolean>;

/** Names that are always known: "" for the server as a whole, and each of its services. */
const SERVER_NAMES: ReadonlySet<string> = new Set(['', ...SERVED_SERVICES]);

/** Most characters of a name that an error repeats. */
const NAME_CHARS_MAX = 100;

/**
 * `grpc.health.v1`, kept in step with readiness by whoever knows it. Its names are those of the server and of the
 * models that are served; a model's name counts while it is served, and is otherwise as unknown as one that never was.
 * `List` names no models, since anybody may ask it. (The package's own implementation can forget no name, so that a
 * model that went would go on being listed and checked.)
 */
export class GrpcHealth {
  private isServing = false;
  private models: ModelsServing = new Map();
  private readonly watchers = new Set<Watcher>();

  addTo(server: Server): void {
    server.addService(service, {
      check: (call: Asked<object>, answer: sendUnaryData<object>) => {
        const found = this.statusOf(call.request.service);
        if (found === 'SERVICE_UNKNOWN') answer(notFound(call.request.service));
        else answer(null, { status: found });
      },
      list: (_call: unknown, answer: sendUnaryData<object>) => {
        const names = Array.from(SERVER_NAMES, (name) => [name, { status: this.statusOf(name) }]);
        answer(null, { statuses: Object.fromEntries(names) });
      },
      watch: (call: WatchCall) => this.watch(call),
    });
  }

  /** Says from now on whether the server and each of its models can answer; watchers hear what has changed. */
  set(isServing: boolean, models: ModelsServing): void {
    this.isServing = isServing;
    this.models = models;
    for (const watcher of this.watchers) watcher.update();
  }

  /** Says that nothing is served any more; names of models stay known. */
  stop(): void {
    this.set(false, new Map(Array.from(this.models.keys(), (name) => [name, false])));
  }

  private watch(call: WatchCall): void {
    const watcher = new Watcher(call, () => this.statusOf(call.request.service));
    this.watchers.add(watcher);
    call.on('cancelled', () => this.watchers.delete(watcher));
    watcher.update();
  }

  private statusOf(name: string): ServingStatus {
    const isServing = SERVER_NAMES.has(name) ? this.isServing : this.models.get(name);
    if (isServing === undefined) return 'SERVICE_UNKNOWN';
    return isServing ? 'SERVING' : 'NOT_SERVING';
  }
}

type Asked<Answer> = ServerUnaryCall<{ service: string }, Answer>;
type WatchCall = ServerWritableStream<{ service: string }, object>;

/** Tells one caller each change. One that does not read hears the newest status when it does, and fills no memory. */
class Watcher {
  private told: ServingStatus | undefined;

  constructor(
    private readonly call: WatchCall,
    private readonly read: () => ServingStatus,
  ) {
    call.on('drain', () => this.update());
  }

  update(): void {
    const now = this.read();
    if (now === this.told || this.call.writableNeedDrain || this.call.cancelled) return;
    this.told = now;
    this.call.write({ status: now });
  }
}

function notFound(name: string): { code: status; details: string } {
  const shown = JSON.stringify(name.slice(0, NAME_CHARS_MAX));
  const details = `Neither a service nor a model of the name ${shown} is served here. An empty name asks for the whole server.`;
  return { code: status.NOT_FOUND, details };
}
