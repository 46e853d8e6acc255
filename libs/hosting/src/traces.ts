import { hostname } from 'node:os';
import type { Settings } from '#config';
import { systemClock } from '#core';
import { type Database, StoredRequestEntity } from '#database';
import {
  InputWriter,
  KeptTraces,
  RecentTraces,
  StoredInputs,
  TraceRetention,
  TraceSearch,
  TraceWriter,
  type TraceSink,
} from '#telemetry';

/** What the store of traces is made of. */
export interface TracesParts {
  readonly settings: Settings;
  readonly database: Database;
  /** Whether the process serves requests, whose traces it can hold. */
  readonly servesRequests: boolean;
  /** Whether requests are traced at all. */
  readonly isTraced: boolean;
  /** Hears of each trace that was let go, and where. */
  onDropped(where: 'memory' | 'database'): void;
}

/** Where the traces of finished requests are held, and looked for: in memory, and in the database where that is on. */
export class Traces {
  /** Each gets every trace that is kept. */
  readonly sinks: readonly TraceSink[];
  readonly search: TraceSearch;
  /** What requests sent, where their tokens have that stored; `hours` 0 = none is. */
  readonly inputs: { readonly store: StoredInputs; readonly hours: number; readonly bytesMax: number };
  private readonly inputWriter: InputWriter | undefined;
  private readonly inputRetention: TraceRetention;
  private readonly writer: TraceWriter | undefined;
  private readonly retention: TraceRetention | undefined;

  constructor({ settings, database, servesRequests, isTraced, onDropped }: TracesParts) {
    const { traceMemoryCountMax: countMax, traceMemoryBytesMax, traceRetentionHours: hours } = settings;
    const onLost = (where: 'memory' | 'database') => () => onDropped(where);
    const memory =
      servesRequests && isTraced && countMax > 0
        ? new RecentTraces({ countMax, bytesMax: traceMemoryBytesMax, onDropped: onLost('memory') })
        : undefined;
    const clock = systemClock;
    const store = hours > 0 ? new KeptTraces(database) : undefined;
    const retained = { clock, onDropped: onLost('database') };
    this.writer = store && servesRequests && isTraced ? new TraceWriter({ store, ...retained }) : undefined;
    this.retention =
      store && new TraceRetention({ database, hours, bytesMax: settings.traceRetentionBytesMax, ...retained });
    const inputs = new StoredInputs({ database, clock });
    const { storedInputHours: inputHours, storedInputBytesMax: inputBytesMax } = settings;
    this.inputs = { store: inputs, hours: inputHours, bytesMax: inputBytesMax };
    this.inputWriter =
      inputHours > 0 && servesRequests && isTraced ? new InputWriter({ store: inputs, ...retained }) : undefined;
    // Also where nothing is stored any more: what was goes at once.
    this.inputRetention = new TraceRetention({
      ...{ database, clock, hours: inputHours, bytesMax: inputBytesMax },
      swept: [[StoredRequestEntity, 1]],
    });
    this.sinks = [memory, this.writer, this.inputWriter].filter((sink) => sink !== undefined);
    this.search = new TraceSearch({
      pod: hostname(),
      memory: memory ?? (!servesRequests ? 'no_inference' : isTraced ? 'off' : 'untraced'),
      database: store ?? 'off',
    });
  }

  /** Begins to write to the database, and to sweep it. */
  start(): void {
    this.writer?.start();
    this.inputWriter?.start();
    this.inputRetention.start();
    this.retention?.start();
  }

  /** Writes what is left, while the database is still open. */
  async close(): Promise<void> {
    await Promise.all([
      ...[this.writer?.stop(), this.retention?.stop()],
      ...[this.inputWriter?.stop(), this.inputRetention.stop()],
    ]);
  }
}
