import { ApiProperty } from '@nestjs/swagger';
import { SpanView, TraceSourceView } from './trace.dto.js';

export class RiderView {
  @ApiProperty()
  requestId!: string;

  @ApiProperty()
  traceId!: string;

  @ApiProperty({ type: 'integer' })
  items!: number;
}

export class OtherRidersView {
  @ApiProperty({ type: 'integer' })
  requests!: number;

  @ApiProperty({ type: 'integer' })
  items!: number;
}

export class BatchView {
  @ApiProperty({ description: 'Its trace id' })
  batchId!: string;

  @ApiProperty({ description: 'The process that sent it to its replica' })
  pod!: string;

  @ApiProperty({ type: 'integer', description: 'When it left the queue; milliseconds since 1970' })
  startedAtMs!: number;

  @ApiProperty({ description: 'Until its answer' })
  durationMs!: number;

  @ApiProperty()
  model!: string;

  @ApiProperty()
  replica!: string;

  @ApiProperty()
  device!: string;

  @ApiProperty({ enum: ['visual', 'textual'] })
  tower!: string;

  @ApiProperty({ type: 'integer' })
  items!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The most that it could have had; null = unknown' })
  itemsMax!: number | null;

  @ApiProperty({ type: 'integer', description: 'Of its texts or pictures' })
  bytes!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Of its longest text; null for pictures' })
  tokensMax!: number | null;

  @ApiProperty({ type: 'integer', description: '1, and one more after each replica that died with it' })
  attempt!: number;

  @ApiProperty({
    enum: ['full', 'idle_replica', 'waited', 'retry', 'costly'],
    description: 'Why it was sent when it was',
  })
  reason!: string;

  @ApiProperty({ type: String, nullable: true })
  error!: string | null;

  @ApiProperty({ type: [RiderView], description: 'The requests in it that the caller may see' })
  riders!: RiderView[];

  @ApiProperty({ type: OtherRidersView, description: 'All others in it' })
  others!: OtherRidersView;

  @ApiProperty({ type: [SpanView], description: "The batch's own span first" })
  spans!: SpanView[];
}

export class BatchAnswer {
  @ApiProperty({ type: BatchView })
  batch!: BatchView;

  @ApiProperty({ type: [TraceSourceView], description: 'Where was looked, and what could not be asked' })
  sources!: TraceSourceView[];
}
