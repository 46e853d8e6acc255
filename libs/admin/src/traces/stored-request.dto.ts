import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../http/input-validation.js';

const MODELS_MAX = 4;

/** Of which token; all that the caller may look into when left out. */
export class StoredRequestsQuery {
  @ApiPropertyOptional({ maxLength: 64, description: 'Id of a token' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  token?: string;
}

/** Of which token all is removed. */
export class RemoveStoredQuery {
  @ApiProperty({ maxLength: 64, description: 'Id of a token' })
  @IsString()
  @MaxLength(64)
  token!: string;
}

export class StoredCountsView {
  @ApiProperty({ description: 'Whether the service stores anything at all: CAS_STORED_INPUT_HOURS is more than 0' })
  isOn!: boolean;

  @ApiProperty({ type: 'integer', description: 'How long what is stored is kept' })
  hours!: number;

  @ApiProperty({ type: 'integer', description: 'Beyond so many bytes of all tokens together the oldest go' })
  bytesMax!: number;

  @ApiProperty({ type: 'integer' })
  requests!: number;

  @ApiProperty({ type: 'integer' })
  bytes!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'When the oldest began; null = there are none' })
  sinceMs!: number | null;
}

export class StoredItemView {
  @ApiProperty({ enum: ['text', 'image', 'uri'], description: 'uri: an image by its address' })
  kind!: 'text' | 'image' | 'uri';

  @ApiProperty({ description: 'The text, the image in base64, or the address' })
  value!: string;
}

export class StoredRequestView {
  @ApiProperty()
  requestId!: string;

  @ApiProperty()
  traceId!: string;

  @ApiProperty({ description: 'Id of the token' })
  tokenId!: string;

  @ApiProperty()
  operation!: string;

  @ApiProperty({ description: 'Empty where none served' })
  model!: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startedAtMs!: number;

  @ApiProperty({ type: [StoredItemView] })
  items!: StoredItemView[];
}

export class RemovedView {
  @ApiProperty({ type: 'integer', description: 'How many requests' })
  removed!: number;
}

export class ReplayBody {
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MODELS_MAX,
    description: 'Names of served models; at most 64 items are run',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MODELS_MAX)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  models!: string[];
}

export class ReplayedModelView {
  @ApiProperty({ description: 'As it was asked for' })
  model!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its request, whose trace says more; null = it got no answer',
  })
  requestId!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How long it took, the way to the model included; null = it failed',
  })
  durationMs!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  dimension!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why nothing came of it' })
  error!: string | null;

  @ApiProperty({
    ...{ type: 'array', items: { type: 'array', items: { type: 'number', nullable: true } } },
    description: 'Cosines of `rows` with `columns`; null where there is no angle',
  })
  cosines!: (number | null)[][];
}

export class ReplayView {
  @ApiProperty({ type: [Number], description: 'Items by their place: the images, or all items of one kind' })
  rows!: number[];

  @ApiProperty({ type: [Number], description: 'Items by their place: the texts, or all items of one kind' })
  columns!: number[];

  @ApiProperty({ type: [ReplayedModelView] })
  models!: ReplayedModelView[];
}
