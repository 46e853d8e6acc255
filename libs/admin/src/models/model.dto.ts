import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODEL_LIMITS } from '#core';
import { MayBeAbsent } from '../http/input-validation.js';

const { modelsMax, devicesMax, nameLengthMax, noteLengthMax, replicasMax } = MODEL_LIMITS;
const BATCH_ITEMS = { type: 'integer', minimum: 1, maximum: MODEL_LIMITS.batchItemsMax } as const;

/** One model as it should be served. What is out of range, the use case refuses with the reason. */
export class DesiredModelBody {
  @ApiProperty({ maxLength: nameLengthMax })
  @IsString()
  @MaxLength(nameLengthMax)
  name!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: replicasMax })
  @IsInt()
  replicas!: number;

  @ApiProperty({
    type: [String],
    maxItems: devicesMax,
    description: 'cpu, cuda:<n> or tensorrt:<n>; replicas go round them',
  })
  @IsArray()
  @ArrayMaxSize(devicesMax)
  @IsString({ each: true })
  devices!: string[];

  @ApiProperty({ description: 'Serves requests that name no model; exactly one does' })
  @IsBoolean()
  isDefault!: boolean;

  @ApiPropertyOptional({ ...BATCH_ITEMS, description: 'Most items of one run; CAS_BATCH_ITEMS_MAX when left out' })
  @MayBeAbsent()
  @IsInt()
  batchItemsMax?: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'A replica that holds more bytes is replaced; CAS_REPLICA_RSS_BYTES_MAX when left out',
  })
  @MayBeAbsent()
  @IsInt()
  rssBytesMax?: number;
}

/** The version that a change was made from. */
class BasedOn {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Refuse with 409 unless this version is in force; left out, whatever is in force is replaced',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  basedOn?: number;
}

/** All the models that are asked for, not a change to some. A plan takes the same body as the change itself. */
export class DesiredBody extends BasedOn {
  @ApiProperty({ type: [DesiredModelBody], maxItems: modelsMax })
  @IsArray()
  @ArrayMaxSize(modelsMax)
  @ValidateNested({ each: true })
  @Type(() => DesiredModelBody)
  models!: DesiredModelBody[];

  @ApiPropertyOptional({ maxLength: noteLengthMax, description: 'Why, for people' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(noteLengthMax)
  note?: string;
}

export class RollbackBody extends BasedOn {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Its models are asked for again, as a new version',
  })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  version!: number;
}

/** Two versions, in the path. */
export class VersionsParams {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 1 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  from!: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 1 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  to!: number;
}

export class CreatorView {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;
}

export class VersionView {
  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty({ type: [DesiredModelBody] })
  models!: readonly DesiredModelBody[];

  @ApiProperty({ enum: ['settings', 'admin'], description: 'What was set here wins over the settings' })
  source!: 'settings' | 'admin';

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  createdAtMs!: number;

  @ApiProperty({ type: CreatorView })
  createdBy!: CreatorView;

  @ApiProperty()
  note!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'When a server first served all of it; null = not yet' })
  servedAtMs!: number | null;
}

export class StepView {
  @ApiProperty({
    enum: ['start_pool', 'add_replica', 'set_limits', 'make_default', 'drain_replica', 'stop_pool'],
  })
  kind!: string;

  @ApiProperty()
  model!: string;

  @ApiProperty({ description: 'The step in a sentence' })
  text!: string;
}

export class PlanAnswer {
  @ApiProperty({ type: [StepView], description: 'In their order; none when all is as asked for' })
  steps!: readonly StepView[];

  @ApiProperty({
    type: [String],
    description: 'What to know before it is applied, such as that stored vectors stop matching',
  })
  warnings!: readonly string[];
}

/** The version that a change made, and how to undo it. */
export class ChangeAnswer extends VersionView {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The version that was in force before: rolling back to it undoes this. Null for the first',
  })
  undoVersion!: number | null;

  @ApiProperty({ type: [String], description: 'What it ends, in sentences' })
  stops!: readonly string[];
}

export class DifferenceView {
  @ApiProperty({
    enum: ['added', 'removed', 'replicas', 'limits', 'default', 'vectors'],
    description: 'vectors: what requests that name no model get can no longer be compared with what they got',
  })
  kind!: 'added' | 'removed' | 'replicas' | 'limits' | 'default' | 'vectors';

  @ApiProperty()
  model!: string;

  @ApiProperty({ description: 'The difference in a sentence' })
  text!: string;
}

export class ComparisonAnswer {
  @ApiProperty({ type: VersionView })
  from!: VersionView;

  @ApiProperty({ type: VersionView })
  to!: VersionView;

  @ApiProperty({ type: [DifferenceView], description: 'None when both ask for the same' })
  differences!: readonly DifferenceView[];
}
