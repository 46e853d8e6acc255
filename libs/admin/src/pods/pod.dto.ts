import { ApiProperty } from '@nestjs/swagger';
import type { ProcessPart } from '#pods';
import { PodDevicesView, PodPoolView } from './pool.dto.js';

const ROLES = ['inference', 'admin'] as const;
const STATES = ['starting', 'ready', 'not_ready', 'stopping'] as const satisfies readonly ProcessPart['state'][];

export class ProcessView {
  @ApiProperty({ enum: STATES })
  state!: ProcessPart['state'];

  @ApiProperty({ type: String, nullable: true, description: 'What it does while it starts, or why it is not ready' })
  reason!: string | null;

  @ApiProperty({ type: 'integer' })
  rssBytes!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How late its event loop was at worst in the last 30 s, in milliseconds',
  })
  eventLoopDelayMsMax!: number | null;
}

export class PodView {
  @ApiProperty({ description: "Its host's name, with a number where several processes share a host" })
  name!: string;

  @ApiProperty({ description: 'What traces call their pod' })
  host!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ type: [String], enum: ROLES, isArray: true, description: 'Serves models, or this API' })
  roles!: string[];

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startedAtMs!: number;

  @ApiProperty({ type: 'integer', description: 'When it last reported, in milliseconds since 1970' })
  reportedAtMs!: number;

  @ApiProperty({ description: 'Whether its last report is at most ten seconds old' })
  answers!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not answer; null while it does' })
  reason!: string | null;

  @ApiProperty({ type: ProcessView, nullable: true, description: 'As last reported; null where it has not told' })
  process!: ProcessView | null;

  @ApiProperty({
    type: [PodPoolView],
    nullable: true,
    description: 'The models that it serves, the default one first; null where it serves none, or has not told',
  })
  pools!: PodPoolView[] | null;

  @ApiProperty({ type: PodDevicesView, nullable: true, description: 'Null where it serves no models, or has not told' })
  devices!: PodDevicesView | null;

  @ApiProperty({ type: [String], description: 'Parts that were too large for its report' })
  leftOut!: string[];
}

export class PodsAnswer {
  @ApiProperty({ type: [PodView], description: 'By their names; at most 200, those that have started last' })
  pods!: PodView[];
}

export class PodCommandAnswer {
  @ApiProperty({
    enum: ['done', 'running'],
    description: 'running = the pod has begun, and is not done after 5 s; its report tells how it goes on',
  })
  state!: 'done' | 'running';
}
