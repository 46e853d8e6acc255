import { every, type Clock, type Repetition } from '#core';
import { SettingsError } from '#config';
import { checkedMaterial, readTlsFiles, type TlsMaterial, type TlsPaths } from './tls-material.js';

/** What TlsFiles needs besides the paths; the callbacks are for log lines. */
export interface TlsWatching {
  readonly clock: Clock;
  /** How often the files are read anew, in milliseconds. Default 10 s. */
  readonly pollMs?: number;
  /**
   * Called once for each new content that cannot be used; the old certificate stays. The text names files, never
   * content.
   */
  readonly onProblem: (problem: SettingsError) => void;
  /** Called when the certificate ends in less than 14 days, or has ended: at the start, then once a day. */
  readonly onExpiring: (notAfterMs: number) => void;
}

/** What an extra reading found: `refused` means that what stands in the files now is not in use. */
export type TlsReread = 'changed' | 'unchanged' | 'refused';

const POLL_MS = 10_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const EXPIRING_MS = 14 * DAY_MS;

/**
 * The certificate, key and authorities of client certificates, kept in step with their files. Files are compared by
 * content: file events would miss it when Kubernetes swaps a symbolic link above them or an editor renames them.
 */
export class TlsFiles {
  private digest: string;
  private used: { material: TlsMaterial; notAfterMs: number };
  private isRefused = false;
  private notifiedExpiringAt: number | undefined;
  private polls: Repetition | undefined;
  private readonly listeners = new Set<(material: TlsMaterial) => void>();

  /**
   * Reads the files. Throws SettingsError where they cannot be used: a server must not start without its certificate.
   */
  constructor(
    private readonly paths: TlsPaths,
    private readonly watching: TlsWatching,
  ) {
    const files = readTlsFiles(paths);
    this.digest = files.digest;
    this.used = checkedMaterial(files, paths);
  }

  /** The newest usable content. */
  get material(): TlsMaterial {
    return this.used.material;
  }

  /** When the certificate in use ends, in milliseconds since 1970. */
  get notAfterMs(): number {
    return this.used.notAfterMs;
  }

  /** Calls `listener` with every later material; the answer ends that. */
  onChange(listener: (material: TlsMaterial) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Begins to watch the files and the certificate's end. */
  start(): void {
    this.notifyExpiring();
    const { clock, pollMs = POLL_MS } = this.watching;
    this.polls ??= every(clock, pollMs, () => void this.reread());
  }

  /** Ends the watching; the material stays as it is. */
  stop(): void {
    void this.polls?.stop();
    this.polls = undefined;
  }

  /** Reads the files at once, as on SIGHUP; listeners have been called when it returns. */
  reread(): TlsReread {
    const files = readTlsFiles(this.paths);
    const isSame = files.digest === this.digest;
    this.digest = files.digest;
    const result = isSame ? (this.isRefused ? 'refused' : 'unchanged') : this.take(files);
    this.notifyExpiring();
    return result;
  }

  private take(files: ReturnType<typeof readTlsFiles>): TlsReread {
    try {
      const next = checkedMaterial(files, this.paths);
      const isChange = !isEqual(next.material, this.used.material);
      this.isRefused = false;
      if (!isChange) return 'unchanged';
      this.use(next);
      return 'changed';
    } catch (err) {
      if (!(err instanceof SettingsError)) throw err;
      this.isRefused = true;
      this.watching.onProblem(err);
      return 'refused';
    }
  }

  private use(next: typeof this.used): void {
    this.used = next;
    this.notifiedExpiringAt = undefined;
    for (const listener of [...this.listeners]) listener(next.material);
  }

  private notifyExpiring(): void {
    const { clock, onExpiring } = this.watching;
    if (this.notAfterMs - clock.wallMs() >= EXPIRING_MS) return;
    const wasNotifiedToday = this.notifiedExpiringAt !== undefined && clock.now() - this.notifiedExpiringAt < DAY_MS;
    if (wasNotifiedToday) return;
    this.notifiedExpiringAt = clock.now();
    onExpiring(this.notAfterMs);
  }
}

function isEqual(one: TlsMaterial, other: TlsMaterial): boolean {
  return one.cert === other.cert && one.key === other.key && one.clientCa === other.clientCa;
}
