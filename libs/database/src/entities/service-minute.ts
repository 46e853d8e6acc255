import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT, BIGINT_OR_NULL, ID_LENGTH, TEXT, varchar } from '../columns.js';

/** What one process did in one minute, by model and protocol; and what its queue looked like, by model. */
@Entity('service_minute')
export class ServiceMinuteEntity {
  /** First, since all reads are by time. */
  @PrimaryColumn(BIGINT)
  minuteStartMs!: number;

  /** Of the process, made anew at each start: it writes its own rows over and over, and never those of another. */
  @PrimaryColumn(varchar(ID_LENGTH))
  instance!: string;

  /** Empty for the row of a model's queue and batches, which requests of every protocol share. */
  @PrimaryColumn(varchar(20))
  protocol!: string;

  /** Empty for requests that got none. */
  @PrimaryColumn(varchar(200))
  model!: string;

  @Column(BIGINT)
  requests!: number;

  @Column(BIGINT)
  items!: number;

  /** JSON: requests by what they failed with. */
  @Column(TEXT)
  errors!: string;

  /** JSON: pairs of a bucket of durations and how many requests were in it. */
  @Column(TEXT)
  durations!: string;

  @Column(BIGINT)
  batches!: number;

  @Column(BIGINT)
  batchItems!: number;

  /** The most items that the batches could have had, together. */
  @Column(BIGINT)
  batchItemsMax!: number;

  @Column(BIGINT)
  queueItemsMax!: number;

  @Column(BIGINT)
  queueAgeMsMax!: number;

  /** The fewest replicas that served; null in rows of requests. */
  @Column(BIGINT_OR_NULL)
  replicasReadyMin!: number | null;
}
