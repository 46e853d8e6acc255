import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, ID_LENGTH, varchar } from '../columns.js';

/** How much of one limit all processes together have been granted in one window. */
@Entity('limit_window')
export class LimitWindowEntity {
  /** The id of a token, or the name that stands for all of them. */
  @PrimaryColumn(varchar(ID_LENGTH))
  subject!: string;

  @PrimaryColumn(varchar(40))
  limitName!: string;

  @Index('limit_window_window_start_ms')
  @PrimaryColumn(BIGINT)
  windowStartMs!: number;

  @Column(BIGINT)
  granted!: number;
}

/** What one process holds of a limit on things in flight; it returns to the others when the lease ends. */
@Entity('limit_lease')
export class LimitLeaseEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  subject!: string;

  @PrimaryColumn(varchar(ID_LENGTH))
  holder!: string;

  @Column(BIGINT)
  amount!: number;

  @Index('limit_lease_expires_at_ms')
  @Column(BIGINT)
  expiresAtMs!: number;
}
