import { ApiProperty } from '@nestjs/swagger';

/** Most bytes of one call: pictures in base64, and texts. */
export const PLAYGROUND_BYTES_MAX = 16 * 2 ** 20;

/** Whether the playground can be used. */
export class PlaygroundView {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why nothing can be called, and what to set; null where it can',
  })
  problem!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where the admin API reaches the inference API; null where it does not',
  })
  inferenceUrl!: string | null;

  @ApiProperty({ type: 'integer', description: 'Most bytes of the body of one call' })
  bodyBytesMax!: number;
}
