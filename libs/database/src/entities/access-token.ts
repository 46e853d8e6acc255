import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import {
  BIGINT,
  BIGINT_OR_NULL,
  ID_LENGTH,
  SHA256_LENGTH,
  TEXT,
  TEXT_OR_NULL,
  varchar,
  varcharOrNull,
} from '../columns.js';

/**
 * An access token without its secret: only the SHA-256 of the secret is kept, so that a stolen database opens nothing.
 */
@Entity('access_token')
export class AccessTokenEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  /** The public part of the token, by which it is found. */
  @Index('access_token_lookup', { unique: true })
  @Column(varchar(12))
  lookup!: string;

  @Column(varchar(SHA256_LENGTH))
  secretSha256!: string;

  /** After a rotation: the secret before it, good until `previousValidUntilMs`. */
  @Column(varcharOrNull(SHA256_LENGTH))
  previousSecretSha256!: string | null;

  @Column(BIGINT_OR_NULL)
  previousValidUntilMs!: number | null;

  @Column(varchar(100))
  name!: string;

  /** The account that owns the token; null for one made on the host itself. Kept when the account goes. */
  @Index('access_token_owner_id')
  @Column(varcharOrNull(ID_LENGTH))
  ownerId!: string | null;

  /** JSON array of scopes. */
  @Column(TEXT)
  scopes!: string;

  /** JSON array of model names; null allows every model. */
  @Column(TEXT_OR_NULL)
  models!: string | null;

  /** JSON object of usage limits; `{}` sets none. */
  @Column(TEXT)
  limits!: string;

  /** What the service made it for, such as `playground`; null for one that somebody made. */
  @Column(varcharOrNull(20))
  purpose!: string | null;

  /** 1: what is sent with it may be stored; null: not. */
  @Column(BIGINT_OR_NULL)
  storesInputs!: number | null;

  @Column(BIGINT)
  createdAtMs!: number;

  /** Who made it, by the id of the actor. */
  @Column(varchar(200))
  createdBy!: string;

  @Column(BIGINT_OR_NULL)
  expiresAtMs!: number | null;

  @Column(BIGINT_OR_NULL)
  revokedAtMs!: number | null;

  /** Until when the revocation can be undone; null for one that is for good. */
  @Column(BIGINT_OR_NULL)
  restorableUntilMs!: number | null;

  /**
   * `nextChange(manager, 'tokens')` of the last change. A cache reads the rows above the highest number that it has
   * seen.
   */
  @Index('access_token_change_seq')
  @Column(BIGINT)
  changeSeq!: number;

  @Column(BIGINT_OR_NULL)
  lastUsedAtMs!: number | null;

  @Column(varcharOrNull(100))
  lastUsedFrom!: string | null;

  @Column(varcharOrNull(20))
  lastUsedProtocol!: string | null;

  @Column(varcharOrNull(200))
  lastUsedModel!: string | null;

  /** When the present secret replaced another one; null as long as the token has its first. */
  @Column(BIGINT_OR_NULL)
  rotatedAtMs!: number | null;

  /** Requests that came with the present secret since `rotatedAtMs`, and when the last one did. */
  @Column({ ...BIGINT, default: 0 })
  presentRequests!: number;

  @Column(BIGINT_OR_NULL)
  presentUsedAtMs!: number | null;

  /** Requests that came with the secret before it since `rotatedAtMs`; when and from where the last one came. */
  @Column({ ...BIGINT, default: 0 })
  previousRequests!: number;

  @Column(BIGINT_OR_NULL)
  previousUsedAtMs!: number | null;

  @Column(varcharOrNull(100))
  previousUsedFrom!: string | null;
}
