import { statfs } from 'node:fs/promises';
import { every, type Clock, type Repetition } from '#core';
import type { DiskReading } from '#telemetry';

const READ_EVERY_MS = 10_000;
/** A reading that is older says nothing: the file system has stopped to answer. */
const AGE_MS_MAX = 60_000;

/** Blocks of a file system, as statfs counts them. */
interface Blocks {
  readonly bsize: number;
  readonly blocks: number;
  /** Those that others than root may use. */
  readonly bavail: number;
}

/**
 * How much room the file systems of the service's folders have. They are read every ten seconds in the background,
 * since one that hangs (a network drive whose server is gone) must not keep the metrics waiting. A folder that is not
 * there has no reading.
 */
export class DiskReadings {
  private readonly readings = new Map<string, DiskReading & { readonly atMs: number }>();
  private readonly repetitions: Repetition[] = [];

  /** @param folders the path of each, by the word that it has in the metrics */
  constructor(
    private readonly folders: Readonly<Record<string, string>>,
    private readonly clock: Clock,
    private readonly read: (path: string) => Promise<Blocks> = statfs,
  ) {}

  /** Reads now, and again and again until `stop`. */
  start(): void {
    for (const [folder, path] of Object.entries(this.folders)) {
      const first = this.refresh(folder, path);
      this.repetitions.push(every(this.clock, READ_EVERY_MS, () => first.then(() => this.refresh(folder, path))));
    }
  }

  /** Reads no more; one that hangs is not waited for. */
  stop(): void {
    for (const repetition of this.repetitions) void repetition.stop();
  }

  now(): DiskReading[] {
    const oldestMs = this.clock.now() - AGE_MS_MAX;
    return [...this.readings.values()].filter(({ atMs }) => atMs >= oldestMs);
  }

  private async refresh(folder: string, path: string): Promise<void> {
    try {
      const { bsize, blocks, bavail } = await this.read(path);
      const sizes = { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
      this.readings.set(folder, { folder, ...sizes, atMs: this.clock.now() });
    } catch {
      this.readings.delete(folder);
    }
  }
}
