import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, ID_LENGTH, varchar } from '../columns.js';

/** What one token did with one model in one hour (UTC), by protocol and by how it ended. */
@Entity('usage_hour')
@Index('usage_hour_principal_id', ['principalId', 'hourStartMs'])
export class UsageHourEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  principalId!: string;

  @PrimaryColumn(varchar(200))
  model!: string;

  /** `grpc`, `http` or `websocket`; `unknown` for what was counted before this was. */
  @PrimaryColumn({ ...varchar(20), default: 'unknown' })
  protocol!: string;

  /** `ok`, `item_failed` or the code of the error; `unknown` as above. */
  @PrimaryColumn({ ...varchar(40), default: 'unknown' })
  outcome!: string;

  @Index('usage_hour_hour_start_ms')
  @PrimaryColumn(BIGINT)
  hourStartMs!: number;

  @Column(BIGINT)
  requests!: number;

  @Column(BIGINT)
  items!: number;

  /** Requests that a limit turned away. */
  @Column(BIGINT)
  refused!: number;

  /** Requests that the token's scopes or models did not allow. */
  @Column({ ...BIGINT, default: 0 })
  denied!: number;
}

/** The hours of a day (UTC) rolled up; kept when the hours are gone. */
@Entity('usage_day')
export class UsageDayEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  principalId!: string;

  @PrimaryColumn(varchar(200))
  model!: string;

  @PrimaryColumn({ ...varchar(20), default: 'unknown' })
  protocol!: string;

  @PrimaryColumn({ ...varchar(40), default: 'unknown' })
  outcome!: string;

  @Index('usage_day_day_start_ms')
  @PrimaryColumn(BIGINT)
  dayStartMs!: number;

  @Column(BIGINT)
  requests!: number;

  @Column(BIGINT)
  items!: number;

  @Column(BIGINT)
  refused!: number;

  /** Requests that the token's scopes or models did not allow. */
  @Column({ ...BIGINT, default: 0 })
  denied!: number;
}
