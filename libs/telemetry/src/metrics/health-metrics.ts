import type { Follow, Instruments } from './instruments.js';

/** The file system of a folder. */
export interface DiskReading {
  /** What it is for: `data` or `models`. Never its path. */
  readonly folder: string;
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

/** Whether the process, and what it stands on, is well. What is not followed has no sample. */
export class HealthMetrics {
  private readonly databaseUp: Follow;
  private readonly ready: Follow;
  private readonly certificateExpiry: Follow;
  private readonly auditChain: Follow;
  private readDisks: () => readonly DiskReading[] = () => [];

  constructor(instruments: Instruments) {
    this.databaseUp = instruments.followed('clip_database_up', 'Whether the database can be asked.');
    this.ready = instruments.followed('clip_ready', 'Whether the process is ready, as /health/ready says.');
    this.certificateExpiry = instruments.followed(
      'clip_certificate_expiry_timestamp_seconds',
      'When the TLS certificate ends, in seconds since 1970.',
    );
    this.auditChain = instruments.followed(
      'clip_audit_chain_intact',
      'Whether the last check of the audit trail found it whole.',
    );
    const disk = (name: string, help: string, pick: (disk: DiskReading) => number): void =>
      instruments.gauge(name, help, ['folder'], () =>
        this.readDisks().map((one) => ({ labels: { folder: one.folder }, value: pick(one) })),
      );
    disk('clip_disk_free_bytes', "Room on the file systems of the service's folders.", ({ freeBytes }) => freeBytes);
    disk('clip_disk_size_bytes', "Size of the file systems of the service's folders.", ({ sizeBytes }) => sizeBytes);
  }

  followDatabase(isUp: () => boolean): void {
    this.databaseUp(() => flag(isUp()));
  }

  followReady(isReady: () => boolean): void {
    this.ready(() => flag(isReady()));
  }

  /** @param readEndMs when the certificate in use ends, in milliseconds since 1970; undefined while it is not known */
  followCertificate(readEndMs: () => number | undefined): void {
    this.certificateExpiry(() => {
      const endMs = readEndMs();
      return endMs === undefined ? undefined : endMs / 1000;
    });
  }

  /** @param isIntact what the last check found; undefined before the first one */
  followAuditChain(isIntact: () => boolean | undefined): void {
    this.auditChain(() => flag(isIntact()));
  }

  /** @param read the last readings; is called at every scrape and must not wait for a disk */
  followDisks(read: () => readonly DiskReading[]): void {
    this.readDisks = read;
  }
}

function flag(value: boolean): number;
function flag(value: boolean | undefined): number | undefined;
function flag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
