import type { Clock } from '#core';
import { Alarm } from '../replica/alarm.js';
import { linuxProcess, type ProcessProbe, type ProcessReading } from '../replica/process-probe.js';

const LOOK_EVERY_MS = 1_000;

/** A process that is looked at. */
export interface WatchedProcess {
  /** Undefined while there is none. */
  readonly pid: number | undefined;
  look(reading: ProcessReading): void;
}

/** Looks at the processes of a pool once a second, whatever they are doing. */
export class ProcessWatch {
  private readonly alarm: Alarm;
  private readonly probe: ProcessProbe;

  constructor(
    clock: Clock,
    private readonly pool: {
      readonly processes: () => readonly WatchedProcess[];
      /** All have been looked at. */
      readonly looked: () => void;
      /** Default /proc. */
      readonly probe: ProcessProbe | undefined;
    },
  ) {
    this.probe = pool.probe ?? linuxProcess;
    this.alarm = new Alarm(clock);
  }

  start(): void {
    this.alarm.set(LOOK_EVERY_MS, () => {
      this.lookAtAll();
      this.start();
    });
  }

  stop(): void {
    this.alarm.clear();
  }

  private lookAtAll(): void {
    for (const watched of this.pool.processes()) {
      const reading = watched.pid === undefined ? undefined : this.probe(watched.pid);
      if (reading) watched.look(reading);
    }
    this.pool.looked();
  }
}
