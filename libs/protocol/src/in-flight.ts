/**
 * The requests of one stream that are being worked on, bounded in number and bytes. Waiting for room before reading the
 * next message is what carries back-pressure to the client.
 */
export class InFlight {
  private readonly running = new Set<Promise<void>>();
  private bytes = 0;

  constructor(
    private readonly countMax: number,
    private readonly bytesMax: number,
  ) {}

  get hasRoom(): boolean {
    return this.running.size < this.countMax && this.bytes < this.bytesMax;
  }

  /** Starts `work`, which must not reject, and counts `bytes` until it has ended. */
  start(bytes: number, work: () => Promise<void>): void {
    this.bytes += bytes;
    const run = work().finally(() => {
      this.bytes -= bytes;
      this.running.delete(run);
    });
    this.running.add(run);
  }

  async room(): Promise<void> {
    while (!this.hasRoom) await Promise.race(this.running);
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
