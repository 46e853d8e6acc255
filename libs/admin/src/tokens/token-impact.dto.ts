import { ApiProperty } from '@nestjs/swagger';
import { LastUseView } from './token.dto.js';

/** How many requests came since a time. */
export class SinceView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970; the begin of an hour' })
  sinceMs!: number;

  @ApiProperty({ type: 'integer' })
  requests!: number;

  @ApiProperty({ type: 'integer' })
  items!: number;
}

export class ModelUseView {
  @ApiProperty()
  model!: string;

  @ApiProperty({ type: 'integer' })
  requests!: number;
}

/** What a revocation would break. */
export class TokenImpact {
  @ApiProperty({ type: LastUseView, nullable: true })
  lastUsed!: LastUseView | null;

  @ApiProperty({ type: SinceView, description: 'Since the begin of the hour before' })
  lastHour!: SinceView;

  @ApiProperty({ type: SinceView })
  lastDay!: SinceView;

  @ApiProperty({ type: SinceView })
  last7Days!: SinceView;

  @ApiProperty({ type: [ModelUseView], description: 'Of the last 7 days, the most used first, 20 at most' })
  models!: readonly ModelUseView[];

  @ApiProperty({ type: [String], description: 'What will fail, in words' })
  willFail!: readonly string[];

  @ApiProperty({ type: 'integer', description: 'For how long it can be undone, in milliseconds' })
  undoMs!: number;
}
