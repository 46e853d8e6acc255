import { ApiProperty } from '@nestjs/swagger';
import type { ReplicaPart } from '#pods';

const STATES = [
  'starting',
  'ready',
  'restarting',
  'failed',
  'stopping',
  'stopped',
] as const satisfies readonly ReplicaPart['state'][];
const LEVELS = ['info', 'warn', 'error'] as const;

/** Integers, as most figures are. */
const WHOLE = { type: 'integer' } as const;
const NUMBER_OR_NULL = { type: Number, nullable: true } as const;
const TEXT_OR_NULL = { type: String, nullable: true } as const;

export class HeldBatchView {
  @ApiProperty({ description: '`visual` or `textual`' })
  tower!: string;

  @ApiProperty(WHOLE)
  items!: number;

  @ApiProperty({ ...WHOLE, description: 'The most items that it could have had when it left the queue' })
  itemsMax!: number;

  @ApiProperty({ description: 'Why it left the queue: full, idle_replica, waited, retry, costly' })
  reason!: string;

  @ApiProperty({ ...WHOLE, description: '1, and one more after each replica that died with it' })
  attempt!: number;

  @ApiProperty({ description: 'How long the replica had it when the pod reported, in milliseconds' })
  ageMs!: number;
}

export class PastRunView {
  @ApiProperty({ ...WHOLE, description: 'When it ended; milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ description: '`visual` or `textual`' })
  tower!: string;

  @ApiProperty(WHOLE)
  items!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The most items that it could have had' })
  itemsMax!: number | null;

  @ApiProperty({ ...TEXT_OR_NULL, description: 'Why it left the queue: full, idle_replica, waited, retry, costly' })
  reason!: string | null;

  @ApiProperty({ ...WHOLE, description: 'Items that failed by themselves' })
  failed!: number;

  @ApiProperty({ ...NUMBER_OR_NULL, description: 'The longest wait of its items' })
  queueMs!: number | null;

  @ApiProperty({ ...NUMBER_OR_NULL, description: 'Decoding, or tokenizing' })
  prepareMs!: number | null;

  @ApiProperty({ ...NUMBER_OR_NULL, description: 'The run of the model' })
  runMs!: number | null;

  @ApiProperty({ description: 'Whether the replica died with it' })
  isLost!: boolean;

  @ApiProperty({ ...TEXT_OR_NULL, description: 'For GET /api/batches/{id}; null where its trace is not kept' })
  batchId!: string | null;
}

export class LogLineView {
  @ApiProperty({ ...WHOLE, description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ enum: LEVELS })
  level!: (typeof LEVELS)[number];

  @ApiProperty()
  text!: string;
}

export class PodReplicaView {
  @ApiProperty()
  name!: string;

  @ApiProperty({ description: '`cpu`, `cuda:N`, `tensorrt:N`' })
  device!: string;

  @ApiProperty({ enum: STATES })
  state!: ReplicaPart['state'];

  @ApiProperty({ ...TEXT_OR_NULL, description: 'Why it is in this state; only for those who may change models' })
  reason!: string | null;

  @ApiProperty({ ...WHOLE, description: 'Since when it is in this state; milliseconds since 1970' })
  sinceMs!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Memory of its process; null where it cannot be read' })
  rssBytes!: number | null;

  @ApiProperty({ ...WHOLE, description: 'Starts after the first' })
  restarts!: number;

  @ApiProperty(WHOLE)
  itemsInFlight!: number;

  @ApiProperty({ type: [HeldBatchView], description: 'The batches in hand, the oldest first' })
  held!: HeldBatchView[];

  @ApiProperty({ type: [PastRunView], description: 'The last 20 batches, the newest first' })
  runs!: PastRunView[];

  @ApiProperty({
    type: [LogLineView],
    description: 'The last 30, the newest first; only for those who may change models',
  })
  lines!: LogLineView[];
}

export class WaitingView {
  @ApiProperty({ ...TEXT_OR_NULL, description: 'Id of the token, or anonymous; null for those of others, together' })
  tokenId!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, description: 'Name of the token where the caller may see it' })
  tokenName!: string | null;

  @ApiProperty(WHOLE)
  items!: number;

  @ApiProperty(WHOLE)
  requests!: number;

  @ApiProperty()
  oldestAgeMs!: number;
}

export class PodQueueView {
  @ApiProperty({ ...WHOLE, description: 'Texts and images that wait' })
  items!: number;

  @ApiProperty({ ...WHOLE, description: 'Calls that those belong to' })
  requests!: number;

  @ApiProperty(WHOLE)
  bytes!: number;

  @ApiProperty({ description: 'How long the oldest has waited' })
  oldestAgeMs!: number;

  @ApiProperty({ ...WHOLE, description: 'Items of interactive calls' })
  interactive!: number;

  @ApiProperty({ ...WHOLE, description: 'Items of bulk work' })
  bulk!: number;

  @ApiProperty({ type: [WaitingView], description: 'By token, those with the most items first; members see their own' })
  byToken!: WaitingView[];

  @ApiProperty({
    type: [Number],
    description: 'Items younger than 10 ms, 100 ms, 1 s, 10 s, and older ones',
  })
  ages!: number[];

  @ApiProperty({ description: 'Whether more waits than was counted by token and age' })
  isPartial!: boolean;
}

export class PodPoolView {
  @ApiProperty()
  model!: string;

  @ApiProperty()
  isDefault!: boolean;

  @ApiProperty({ description: 'Out of service; it finishes what it has' })
  isLeaving!: boolean;

  @ApiProperty({ type: 'integer', nullable: true })
  batchItemsMax!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Memory at which a replica is replaced; null = none' })
  rssBytesMax!: number | null;

  @ApiProperty({ type: PodQueueView })
  queue!: PodQueueView;

  @ApiProperty({ type: [PodReplicaView] })
  replicas!: PodReplicaView[];
}

export class PodCpuView {
  @ApiProperty(WHOLE)
  cores!: number;

  @ApiProperty(WHOLE)
  memoryTotalBytes!: number;

  @ApiProperty(WHOLE)
  memoryFreeBytes!: number;
}

export class PodCardView {
  @ApiProperty({ ...TEXT_OR_NULL, description: 'cuda:N; null where it is kept from the process' })
  device!: string | null;

  @ApiProperty(TEXT_OR_NULL)
  name!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  memoryTotalBytes!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  memoryFreeBytes!: number | null;
}

export class PodDevicesView {
  @ApiProperty({ type: PodCpuView })
  cpu!: PodCpuView;

  @ApiProperty({ type: [PodCardView] })
  cards!: PodCardView[];

  @ApiProperty({ ...TEXT_OR_NULL, description: 'Why cards cannot be used, or not as one may expect' })
  note!: string | null;
}
