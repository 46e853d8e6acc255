import { ApiProperty } from '@nestjs/swagger';
import { TOKEN_CONDITIONS, type TokenCondition } from '#auth';
import { type Scope, SCOPES, type UsageLimits } from '#core';
import { LimitsBody } from './token-bodies.dto.js';

export class LastUseView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ type: String, nullable: true })
  from!: string | null;

  @ApiProperty({ type: String, nullable: true })
  protocol!: string | null;

  @ApiProperty({ type: String, nullable: true })
  model!: string | null;
}

/** One of the secrets of a token that was rotated. */
class SecretUseView {
  @ApiProperty({ type: 'integer', description: 'Since the rotation' })
  requests!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970' })
  lastUsedAtMs!: number | null;
}

class PreviousSecretView extends SecretUseView {
  @ApiProperty({ type: String, nullable: true })
  lastUsedFrom!: string | null;
}

/** Both secrets since the last rotation, a few seconds behind. */
export class RotationView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ type: SecretUseView })
  present!: SecretUseView;

  @ApiProperty({ type: PreviousSecretView, description: 'The secret before it' })
  previous!: PreviousSecretView;
}

export class TokenConditionView {
  @ApiProperty({ enum: TOKEN_CONDITIONS })
  condition!: TokenCondition;

  @ApiProperty()
  why!: string;

  @ApiProperty({ type: String, nullable: true, description: 'What to do about it' })
  todo!: string | null;
}

/** What a token did in a day (UTC). */
export class TokenDayView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startMs!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that were let in' })
  requests!: number;

  @ApiProperty({ type: 'integer', description: 'Texts and images of these' })
  items!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that a limit turned away' })
  refused!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that its scopes or models did not allow' })
  denied!: number;
}

export class TokenOwnerView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'email' })
  email!: string;
}

export class TokenView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The part of the token that is no secret' })
  publicPart!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The account it belongs to; null = made on the host' })
  ownerId!: string | null;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes!: readonly Scope[];

  @ApiProperty({ type: [String], nullable: true, description: 'null = every model' })
  models!: readonly string[] | null;

  @ApiProperty({ type: LimitsBody })
  limits!: UsageLimits;

  @ApiProperty({
    type: String,
    enum: ['playground', null],
    nullable: true,
    description: 'A token that the service made for a page of the console; null for any other',
  })
  purpose!: 'playground' | null;

  @ApiProperty({ description: 'Whether what is sent with it may be stored for a while' })
  storesInputs!: boolean;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  createdAtMs!: number;

  @ApiProperty({ description: 'The id of who made it' })
  createdBy!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970; null = never' })
  expiresAtMs!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  revokedAtMs!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Until when the secret before a rotation works' })
  graceUntilMs!: number | null;

  @ApiProperty({ enum: ['active', 'expired', 'revoked'] })
  status!: 'active' | 'expired' | 'revoked';

  @ApiProperty({ type: LastUseView, nullable: true })
  lastUsed!: LastUseView | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Until when the revocation can be undone' })
  restorableUntilMs!: number | null;

  @ApiProperty({ type: RotationView, nullable: true, description: 'null = never rotated' })
  rotation!: RotationView | null;

  @ApiProperty({ type: TokenOwnerView, nullable: true, description: 'null = made on the host, or its account is gone' })
  owner!: TokenOwnerView | null;

  @ApiProperty({ type: [TokenConditionView], description: 'What there is to know of it, the gravest first' })
  conditions!: readonly TokenConditionView[];

  @ApiProperty({ type: [TokenDayView], description: 'The last 7 days, the oldest first' })
  days!: readonly TokenDayView[];
}

export class IssuedTokenView {
  @ApiProperty({ description: 'The token itself, shown this once' })
  token!: string;

  @ApiProperty({ type: TokenView })
  record!: TokenView;
}
