import { isatty } from 'node:tty';

/** The terminal that a process was started in, if any. */
export class Terminal {
  private readonly descriptors: readonly number[];

  constructor(private readonly isTerminal: (descriptor: number) => boolean = isatty) {
    this.descriptors = [0, 1, 2].filter(isTerminal);
  }

  /** Whether it was closed since: what was a terminal is none any more. Tells its SIGHUP from one that somebody sent on purpose. */
  isClosed(): boolean {
    return this.descriptors.some((descriptor) => !this.isTerminal(descriptor));
  }
}
