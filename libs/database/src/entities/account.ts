import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, BIGINT_OR_NULL, ID_LENGTH, varchar, varcharOrNull } from '../columns.js';

export type AccountRole = 'owner' | 'admin' | 'member' | 'viewer';

/** A person of the console. */
@Entity('account')
@Index('account_oidc', ['oidcIssuer', 'oidcSubject'], { unique: true })
export class AccountEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  /** In lower case. 64 characters before the @ and 255 after it are the most there are (RFC 5321, 4.5.3.1). */
  @Index('account_email', { unique: true })
  @Column(varchar(320))
  email!: string;

  @Column(varchar(200))
  name!: string;

  @Column(varchar(20))
  role!: AccountRole;

  /** The password by its slow hash; null for someone who logs in by single sign-on only. */
  @Column(varcharOrNull(500))
  passwordHash!: string | null;

  /** Who vouches for the person at single sign-on; one subject of one issuer is one account. */
  @Column(varcharOrNull(500))
  oidcIssuer!: string | null;

  @Column(varcharOrNull(255))
  oidcSubject!: string | null;

  @Column(BIGINT_OR_NULL)
  disabledAtMs!: number | null;

  @Column(BIGINT)
  createdAtMs!: number;

  @Column(BIGINT_OR_NULL)
  lastLoginAtMs!: number | null;
}
