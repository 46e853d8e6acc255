import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, BIGINT_OR_NULL, ID_LENGTH, SHA256_LENGTH, varchar, varcharOrNull } from '../columns.js';
import { AccountEntity } from './account.js';

export type OneTimeLinkPurpose = 'setup' | 'invite' | 'reset';

/** A link that works once: set up the first account, accept an invitation, choose a new password. */
@Entity('one_time_link')
export class OneTimeLinkEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  @Column(varchar(20))
  purpose!: OneTimeLinkPurpose;

  @Index('one_time_link_secret_sha256', { unique: true })
  @Column(varchar(SHA256_LENGTH))
  secretSha256!: string;

  /** Null for the set-up link: there is no account yet. */
  @Index('one_time_link_account_id')
  @ForeignKey(() => AccountEntity, { name: 'one_time_link_account', onDelete: 'CASCADE' })
  @Column(varcharOrNull(ID_LENGTH))
  accountId!: string | null;

  @Column(BIGINT)
  createdAtMs!: number;

  @Column(BIGINT)
  expiresAtMs!: number;

  @Column(BIGINT_OR_NULL)
  usedAtMs!: number | null;
}
