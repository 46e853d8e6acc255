import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, BIGINT_OR_NULL, ID_LENGTH, TEXT, varchar, varcharOrNull } from '../columns.js';

/** A finished request whose trace was kept, while traces are kept in the database. */
@Entity('request_trace')
@Index('request_trace_started_at_ms', ['startedAtMs', 'bytes'])
@Index('request_trace_principal_id', ['principalId', 'startedAtMs'])
@Index('request_trace_outcome', ['outcome', 'startedAtMs'])
export class RequestTraceEntity {
  /** The trace id and the id of the request's own span: several requests may belong to one trace. */
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  @Index('request_trace_trace_id')
  @Column(varchar(32))
  traceId!: string;

  @Column(varchar(16))
  spanId!: string;

  @Index('request_trace_request_id')
  @Column(varchar(128))
  requestId!: string;

  /** The process that served it, by its host's name. */
  @Column(varchar(253))
  pod!: string;

  @Column(BIGINT)
  startedAtMs!: number;

  @Index('request_trace_duration_us')
  @Column(BIGINT)
  durationUs!: number;

  @Column(varchar(20))
  protocol!: string;

  @Column(varchar(60))
  operation!: string;

  @Column(varcharOrNull(200))
  model!: string | null;

  @Column(varchar(60))
  outcome!: string;

  @Column(varchar(ID_LENGTH))
  principalId!: string;

  @Column(BIGINT)
  items!: number;

  /** Why it was kept. */
  @Column(varchar(20))
  kept!: string;

  /** Of the longest run of a batch that it rode in, and of its longest wait for one; null where it rode in none. */
  @Column(BIGINT_OR_NULL)
  queueUs!: number | null;

  @Column(varcharOrNull(200))
  replica!: string | null;

  @Column(varcharOrNull(60))
  device!: string | null;

  /** Items of that batch, and the most that it could have had. */
  @Column(BIGINT_OR_NULL)
  batchItems!: number | null;

  @Column(BIGINT_OR_NULL)
  batchItemsMax!: number | null;

  /** Of the row with its indexes, as far as the size limit counts them. */
  @Column(BIGINT)
  bytes!: number;

  /** JSON: the batches and spans. */
  @Column(TEXT)
  detail!: string;
}

/** One attempt at a batch that a request with a kept trace rode in. */
@Entity('batch_trace')
@Index('batch_trace_started_at_ms', ['startedAtMs', 'bytes'])
export class BatchTraceEntity {
  /** The trace id of the batch. */
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  @Column(BIGINT)
  startedAtMs!: number;

  @Column(BIGINT)
  bytes!: number;

  /** JSON: all that is known of it. */
  @Column(TEXT)
  detail!: string;
}
