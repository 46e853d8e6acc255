import { GENESIS_HASH, hashOf, type AuditRecord } from './audit-record.js';

/**
 * An event of a trail, by its number and its hash. Kept elsewhere, it shows later whether the trail up to it is
 * unchanged.
 */
export interface AuditHead {
  /** 0 = before the first event. */
  readonly seq: number;
  readonly hash: string;
}

/** The result of a check of a trail. */
export type AuditVerdict =
  | {
      readonly ok: true;
      readonly events: number;
      /** The number of the first event that was there; above 1 for the export of a part. 0 = there was none. */
      readonly firstSeq: number;
      readonly head: AuditHead;
    }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

export type AuditFault = Extract<AuditVerdict, { ok: false }>;

/**
 * Follows a trail from event to event. It is pure: the caller brings the events.
 *
 * @example
 * for (const record of records) if (chain.next(record)) break;
 * const verdict = chain.end();
 */
export class AuditChain {
  private events = 0;
  private firstSeq = 0;
  private head: AuditHead | undefined;
  private expectedWasSeen = false;

  /**
   * @param options.start where the trail begins; undefined = wherever its first event says, for the export of a part
   * @param options.expected an event that must be in it
   */
  constructor(private readonly options: { start?: AuditHead | undefined; expected?: AuditHead | undefined } = {}) {
    this.head = options.start;
    if (options.start !== undefined) this.compare(options.start);
  }

  /**
   * Takes the next event of the trail. Returns what is wrong with it; undefined = nothing. Call it no more after a
   * fault.
   */
  next(record: AuditRecord): AuditFault | undefined {
    const before = this.head ?? { seq: record.seq - 1, hash: record.previousHash };
    if (this.head === undefined) this.compare(before);
    const head = { seq: record.seq, hash: record.hash };
    const reason = faultOf(record, before) ?? (this.compare(head) ? undefined : OTHER_THAN_EXPECTED);
    if (reason !== undefined) return fault(record.seq, reason);
    if (this.events === 0) this.firstSeq = record.seq;
    this.events += 1;
    this.head = head;
    return undefined;
  }

  /** Returns the verdict, after the last event. */
  end(): AuditVerdict {
    const { expected } = this.options;
    if (expected !== undefined && !this.expectedWasSeen) {
      return fault(expected.seq, 'the expected event is not there: events were taken out, or this is another trail');
    }
    return this.sofar();
  }

  /** The verdict on the events until now, whether or not the expected one was among them. */
  sofar(): Extract<AuditVerdict, { ok: true }> {
    return { ok: true, events: this.events, firstSeq: this.firstSeq, head: this.head ?? GENESIS };
  }

  /** True unless this is the expected event and differs from it. */
  private compare(head: AuditHead): boolean {
    const { expected } = this.options;
    if (expected?.seq !== head.seq) return true;
    this.expectedWasSeen = expected.hash === head.hash;
    return this.expectedWasSeen;
  }
}

/** Where every whole trail begins. */
export const GENESIS: AuditHead = { seq: 0, hash: GENESIS_HASH };

export function fault(seq: number, reason: string): AuditFault {
  return { ok: false, seq, reason };
}

const OTHER_THAN_EXPECTED = 'its hash is not the expected one';

function faultOf(record: AuditRecord, before: AuditHead): string | undefined {
  if (record.seq <= before.seq) return `it comes after event ${before.seq}: events were put in or change places`;
  if (record.seq > before.seq + 1) return `it comes after event ${before.seq}: events between them were taken out`;
  if (record.previousHash !== before.hash) return 'it does not follow the event before it: one of the two was changed';
  return hashOf(record) === record.hash ? undefined : 'its fields do not give its hash: it was changed';
}
