import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, ID_LENGTH, SHA256_LENGTH, varchar } from '../columns.js';
import { AccountEntity } from './account.js';

/** One browser that is logged in; its cookie's secret is kept by SHA-256 only. */
@Entity('account_session')
export class AccountSessionEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  @Index('account_session_account_id')
  @ForeignKey(() => AccountEntity, { name: 'account_session_account', onDelete: 'CASCADE' })
  @Column(varchar(ID_LENGTH))
  accountId!: string;

  @Index('account_session_secret_sha256', { unique: true })
  @Column(varchar(SHA256_LENGTH))
  secretSha256!: string;

  @Column(BIGINT)
  createdAtMs!: number;

  @Column(BIGINT)
  lastSeenAtMs!: number;

  @Index('account_session_expires_at_ms')
  @Column(BIGINT)
  expiresAtMs!: number;

  @Column(varchar(100))
  fromAddress!: string;

  @Column(varchar(500))
  userAgent!: string;
}
