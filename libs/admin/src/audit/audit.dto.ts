import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { AUDIT_PAGE_EVENTS, AUDIT_PAGE_EVENTS_MAX } from '#audit';

/** Events of a step: a second of work at most. */
export const STEP_EVENTS = 2_000;
const STEP_EVENTS_MAX = 10_000;

/** A span of time, both ends included. */
export class AuditSpanQuery {
  @ApiPropertyOptional({ description: 'A date or time, UTC unless it says otherwise', example: '2026-01-31' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ description: 'The same', example: '2126-02-28T18:30:00Z' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;
}

/** Which events to show; what is left out does not narrow. */
export class AuditFilter extends AuditSpanQuery {
  @ApiPropertyOptional({ maxLength: 400, description: 'Id or name of who made the change' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  actor?: string;

  @ApiPropertyOptional({ maxLength: 60, description: 'An action or its beginning, such as token.' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  action?: string;

  @ApiPropertyOptional({ maxLength: 400, description: 'Id or name of what was changed' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  target?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'A part of a name, an action or an address, in any case' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  text?: string;

  @ApiPropertyOptional({
    maxLength: 1_500,
    description:
      'Conditions that must all hold beside the others, in JSON: a list of {"key", "not", "any"} with 16 values at most; keys are actor, by ' +
      '(account, token, host or system), action, target, address and text',
    example: '[{"key":"action","any":["token."]},{"key":"actor","not":true,"any":["ann@example.com"]}]',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1_500)
  filter?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'cursor of the page before',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  cursor?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: AUDIT_PAGE_EVENTS_MAX, default: AUDIT_PAGE_EVENTS })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(AUDIT_PAGE_EVENTS_MAX)
  limit?: number;
}

/** An event that was noted before and must still be there; both or neither. */
export class ExpectedHeadQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'head.seq of an earlier check; both or neither',
  })
  @ValidateIf(({ seq, hash }: ExpectedHeadQuery) => seq !== undefined || hash !== undefined)
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  seq?: number;

  @ApiPropertyOptional({ pattern: '^[0-9a-f]{64}$', description: 'head.hash of the same check' })
  @ValidateIf(({ seq, hash }: ExpectedHeadQuery) => seq !== undefined || hash !== undefined)
  @Matches(/^[0-9a-f]{64}$/, { message: 'hash must be the 64 hexadecimal digits that go with seq' })
  hash?: string;
}

/** Where a step of a check begins, and how far it goes. */
export class VerifyStepQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'head.seq of the step before; both or neither',
  })
  @ValidateIf(({ sinceSeq, sinceHash }: VerifyStepQuery) => sinceSeq !== undefined || sinceHash !== undefined)
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  sinceSeq?: number;

  @ApiPropertyOptional({ pattern: '^[0-9a-f]{64}$', description: 'head.hash of the step before' })
  @ValidateIf(({ sinceSeq, sinceHash }: VerifyStepQuery) => sinceSeq !== undefined || sinceHash !== undefined)
  @Matches(/^[0-9a-f]{64}$/, { message: 'sinceHash must be the 64 hexadecimal digits that go with sinceSeq' })
  sinceHash?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: STEP_EVENTS_MAX, default: STEP_EVENTS })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(STEP_EVENTS_MAX)
  eventsMax?: number;
}

export class AuditHeadView {
  @ApiProperty({ type: 'integer' })
  seq!: number;

  @ApiProperty()
  hash!: string;
}

export class AuditStepView {
  @ApiProperty({ description: 'Whether the chain holds as far as it was checked' })
  ok!: boolean;

  @ApiPropertyOptional({
    type: AuditHeadView,
    description: 'Where the next step begins; where ok is false it is left out',
  })
  head?: AuditHeadView;

  @ApiPropertyOptional({ type: 'integer', description: 'The first event of this step; likewise' })
  firstSeq?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Checked in this step; likewise' })
  events?: number;

  @ApiPropertyOptional({ description: 'Whether this was the last step; likewise' })
  isEnd?: boolean;

  @ApiPropertyOptional({ type: 'integer', description: 'The number of the last event there is; likewise' })
  total?: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'The first event that is wrong; where ok is true it is left out',
  })
  seq?: number;

  @ApiPropertyOptional({ description: 'What is wrong with it; likewise' })
  reason?: string;
}

export class AuditActorView {
  @ApiProperty({ enum: ['account', 'token', 'system', 'host'] })
  kind!: string;

  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The address it came from' })
  from!: string | null;
}

export class AuditTargetView {
  @ApiProperty()
  kind!: string;

  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;
}

export class AuditEventView {
  @ApiProperty({ type: 'integer' })
  seq!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ type: AuditActorView })
  actor!: AuditActorView;

  @ApiProperty()
  action!: string;

  @ApiProperty({ type: AuditTargetView })
  target!: AuditTargetView;

  @ApiProperty({ type: Object, nullable: true })
  before!: unknown;

  @ApiProperty({ type: Object, nullable: true })
  after!: unknown;

  @ApiProperty({ description: 'SHA-256 of the event and of the hash before it' })
  hash!: string;
}

export class AuditPageView {
  @ApiProperty({ type: [AuditEventView] })
  events!: AuditEventView[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'For the next page; null = this was the last. A page of few events, or none, may have one, too',
  })
  cursor!: number | null;
}
