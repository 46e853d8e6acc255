import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, SHA256_LENGTH, TEXT_OR_NULL, varchar, varcharOrNull } from '../columns.js';

/** One change that somebody made. Triggers of the database refuse to change or delete a row. */
@Entity('audit_event')
export class AuditEventEntity {
  /** `nextChange(manager, 'audit')`: 1, 2, 3, … without a gap. */
  @PrimaryColumn(BIGINT)
  seq!: number;

  @Index('audit_event_at_ms')
  @Column(BIGINT)
  atMs!: number;

  @Column(varchar(20))
  actorKind!: string;

  @Index('audit_event_actor_id')
  @Column(varchar(200))
  actorId!: string;

  @Column(varchar(400))
  actorName!: string;

  @Column(varchar(60))
  action!: string;

  @Column(varchar(40))
  targetKind!: string;

  @Index('audit_event_target_id')
  @Column(varchar(200))
  targetId!: string;

  @Column(varchar(400))
  targetName!: string;

  /** Canonical JSON of what changed, without any secret; null where there was nothing before. */
  @Column(TEXT_OR_NULL)
  before!: string | null;

  @Column(TEXT_OR_NULL)
  after!: string | null;

  @Column(varcharOrNull(100))
  fromAddress!: string | null;

  @Column(varchar(SHA256_LENGTH))
  previousHash!: string;

  @Column(varchar(SHA256_LENGTH))
  hash!: string;
}
