import { ApiProperty } from '@nestjs/swagger';
import { TraceSourceView } from './trace.dto.js';

export class FacetValueView {
  @ApiProperty({ type: String, nullable: true, description: 'null = none, such as the model of a request without one' })
  value!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What it is called, where it is the id of a token' })
  name!: string | null;

  @ApiProperty({ type: 'integer', description: 'Requests that have it' })
  count!: number;
}

export class FacetView {
  @ApiProperty({ enum: ['model', 'operation', 'protocol', 'outcome', 'token', 'pod'] })
  key!: string;

  @ApiProperty({ type: [FacetValueView], description: 'The most frequent first, 50 at most' })
  values!: FacetValueView[];

  @ApiProperty({ type: 'integer', description: 'How many values more there are' })
  more!: number;
}

export class TraceBucketView {
  @ApiProperty({ type: 'integer', description: 'Begin; milliseconds since 1970' })
  fromMs!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that began in it' })
  count!: number;

  @ApiProperty({ type: 'integer', description: 'Of these which did not end with ok' })
  failed!: number;
}

export class TraceFacetsView {
  @ApiProperty({ type: 'integer', description: 'Requests that were counted' })
  total!: number;

  @ApiProperty({
    ...{ type: 'integer', nullable: true },
    description: 'What began before was not counted, since only the newest 100,000 are looked at; null = all was',
  })
  countedFromMs!: number | null;

  @ApiProperty({ type: [FacetView] })
  facets!: FacetView[];

  @ApiProperty({ type: 'integer', description: 'How long each bucket is' })
  bucketMs!: number;

  @ApiProperty({ type: [TraceBucketView], description: 'In their order; those without requests are left out' })
  buckets!: TraceBucketView[];

  @ApiProperty({ type: [TraceSourceView], description: 'Where was looked, and what could not be asked' })
  sources!: TraceSourceView[];
}

export class TraceErrorView {
  @ApiProperty({ description: 'item_failed or an error code' })
  outcome!: string;

  @ApiProperty({ description: 'Id of the token, or anonymous' })
  tokenId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null for anonymous' })
  tokenName!: string | null;

  @ApiProperty({ type: String, nullable: true })
  model!: string | null;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  firstAtMs!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  lastAtMs!: number;

  @ApiProperty({ description: 'The trace of the newest of them' })
  lastTraceId!: string;
}

export class TraceErrorsView {
  @ApiProperty({ type: [TraceErrorView], description: 'The newest first, 200 at most' })
  errors!: TraceErrorView[];

  @ApiProperty({ type: 'integer', description: 'How many more there are' })
  more!: number;

  @ApiProperty({
    ...{ type: 'integer', nullable: true },
    description: 'What began before was not counted, since only the newest 100,000 are looked at; null = all was',
  })
  countedFromMs!: number | null;

  @ApiProperty({ type: [TraceSourceView], description: 'Where was looked, and what could not be asked' })
  sources!: TraceSourceView[];
}
