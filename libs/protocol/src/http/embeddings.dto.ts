import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Min } from 'class-validator';
import type { Modality } from './item-input.js';

const itemSchema = {
  oneOf: [
    { type: 'string' },
    { type: 'object', properties: { text: { type: 'string' } } },
    { type: 'object', properties: { image: { type: 'string', description: 'URL, data URI or base64' } } },
  ],
};

/** OpenAI's embedding request, with images. */
export class EmbeddingsRequest {
  @ApiProperty({
    description: 'One item or a list of them',
    oneOf: [...itemSchema.oneOf, { type: 'array', items: itemSchema }],
  })
  @IsNotEmpty({ message: 'input is missing or empty: give a string, an item or a list of them' })
  input!: unknown;

  @ApiProperty({ required: false, description: 'Name of a served model; the default one where absent' })
  @IsOptional()
  @IsString()
  model?: string | null;

  @ApiProperty({ required: false, enum: ['float', 'base64'], default: 'float' })
  @IsOptional()
  @IsIn(['float', 'base64'], { message: 'encoding_format must be "float" or "base64"' })
  encoding_format?: 'float' | 'base64' | null;

  @ApiProperty({ required: false, description: "Only the model's own dimension is accepted" })
  @IsOptional()
  @IsInt()
  @Min(1)
  dimensions?: number | null;

  @ApiProperty({ required: false, enum: ['text', 'image'], default: 'text', description: 'What plain strings are' })
  @IsOptional()
  @IsIn(['text', 'image'])
  modality?: Modality | null;

  @ApiProperty({ required: false, default: false, description: 'Scale every vector to length 1' })
  @IsOptional()
  @IsBoolean()
  normalize?: boolean | null;

  @ApiProperty({ required: false, description: 'Accepted for compatibility; not kept' })
  @Allow()
  user?: unknown;
}

/** One query against its candidates. */
export class RankBody {
  @ApiProperty({ ...itemSchema, description: 'The item that the candidates are compared with' })
  @IsNotEmpty({ message: 'query is missing: give a string, {"text": …} or {"image": …}' })
  query!: unknown;

  @ApiProperty({ type: 'array', items: itemSchema })
  @IsNotEmpty({ message: 'candidates is missing: give a list of items' })
  candidates!: unknown;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  model?: string | null;
}
