import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';

const WHOLE = { type: 'integer' } as const;
const MS_OR_NULL = { type: Number, nullable: true } as const;

/** Which time is asked for. */
export class OverviewFilter {
  @ApiPropertyOptional({ description: 'A date or time (UTC unless it says otherwise); an hour before the end' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ description: 'The end, not included; now when left out' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({
    ...WHOLE,
    minimum: 60,
    maximum: 86_400,
    description: 'Length of a point in seconds, rounded to whole minutes; about 120 points when left out',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(60)
  @Max(86_400)
  step?: number;

  @ApiPropertyOptional({ maxLength: 200, description: 'Name of one model' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string;
}

export class FiguresView {
  @ApiProperty({ ...WHOLE, description: 'Requests that have ended; those that were let in where `scope` is own' })
  requests!: number;

  @ApiProperty({ ...WHOLE, description: 'Texts and images of these' })
  items!: number;

  @ApiProperty({ ...WHOLE, description: 'Requests that failed; those that a limit turned away where `scope` is own' })
  errors!: number;

  @ApiProperty({ ...MS_OR_NULL, description: 'Milliseconds from arrival to answer, exact to about 10 %' })
  p50Ms!: number | null;

  @ApiProperty(MS_OR_NULL)
  p95Ms!: number | null;

  @ApiProperty(MS_OR_NULL)
  p99Ms!: number | null;

  @ApiProperty(WHOLE)
  batches!: number;

  @ApiProperty({ ...MS_OR_NULL, description: 'Items of batches over the most that they could have had, 0 to 1' })
  batchFill!: number | null;

  @ApiProperty({ ...WHOLE, description: "The most that waited in one model's queue of one process" })
  queueItemsMax!: number;

  @ApiProperty({ ...WHOLE, description: 'The longest that an item had waited, in milliseconds' })
  queueAgeMsMax!: number;
}

export class PointView extends FiguresView {
  @ApiProperty({ ...WHOLE, description: 'Begin; milliseconds since 1970' })
  atMs!: number;
}

export class ModelFiguresView extends FiguresView {
  @ApiProperty({ description: 'Empty for requests that got no model' })
  model!: string;
}

export class ProtocolFiguresView extends FiguresView {
  @ApiProperty()
  protocol!: string;
}

export class ErrorFiguresView {
  @ApiProperty({ description: '`item_failed` or an error code' })
  code!: string;

  @ApiProperty(WHOLE)
  requests!: number;
}

export class ChangeView {
  @ApiProperty(WHOLE)
  seq!: number;

  @ApiProperty({ ...WHOLE, description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty()
  action!: string;

  @ApiProperty()
  actor!: string;

  @ApiProperty()
  target!: string;
}

export class OverviewAnswer {
  @ApiProperty({ ...WHOLE, description: 'Milliseconds since 1970' })
  fromMs!: number;

  @ApiProperty({ ...WHOLE, description: 'Milliseconds since 1970, not included' })
  toMs!: number;

  @ApiProperty(WHOLE)
  stepMs!: number;

  @ApiProperty({
    enum: ['service', 'own'],
    description: 'service = all processes together; own = the tokens of the caller, by the hour and without durations',
  })
  scope!: 'service' | 'own';

  @ApiProperty({ type: [PointView], description: 'The oldest first; steps in which nothing was written are left out' })
  points!: PointView[];

  @ApiProperty({ type: FiguresView })
  total!: FiguresView;

  @ApiProperty({ type: [ErrorFiguresView], description: 'At most 20, the most frequent first' })
  byError!: ErrorFiguresView[];

  @ApiProperty({ type: [ModelFiguresView], description: 'At most 50, the busiest first' })
  byModel!: ModelFiguresView[];

  @ApiProperty({ type: [ProtocolFiguresView] })
  byProtocol!: ProtocolFiguresView[];

  @ApiProperty({ type: [String], description: 'Pods that do not answer: what they do is missing since then' })
  silentPods!: string[];

  @ApiProperty({ description: 'Whether there was more than could be read; ask for less time' })
  isPartial!: boolean;

  @ApiProperty({ type: [ChangeView], nullable: true, description: 'The last changes; null without audit:read' })
  changes!: ChangeView[] | null;
}
