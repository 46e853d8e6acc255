import { every, type Clock, type Repetition } from '#core';
import { linuxProcess, type ProcessProbe, type ProcessReading } from '../replica/process-probe.js';

const POLL_EVERY_MS = 1_000;

/** A process that is polled. */
export interface WatchedProcess {
  /** Undefined while there is none. */
  readonly pid: number | undefined;
  observeProcess(reading: ProcessReading): void;
}

/** Polls the processes of a pool once a second, whatever they are doing. */
export class ProcessWatch {
  private polls: Repetition | undefined;
  private readonly probe: ProcessProbe;

  constructor(
    private readonly clock: Clock,
    private readonly pool: {
      readonly processes: () => readonly WatchedProcess[];
      /** All have been polled. */
      readonly polled: () => void;
      /** Default /proc. */
      readonly probe: ProcessProbe | undefined;
    },
  ) {
    this.probe = pool.probe ?? linuxProcess;
  }

  start(): void {
    this.polls ??= every(this.clock, POLL_EVERY_MS, () => this.pollAll());
  }

  stop(): void {
    void this.polls?.stop();
    this.polls = undefined;
  }

  private pollAll(): void {
    for (const watched of this.pool.processes()) {
      const reading = watched.pid === undefined ? undefined : this.probe(watched.pid);
      if (reading) watched.observeProcess(reading);
    }
    this.pool.polled();
  }
}
