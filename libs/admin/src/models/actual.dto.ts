import { ApiProperty } from '@nestjs/swagger';
import { poolStateOf, type ModelOverview } from '#serving';
import { VersionView } from './model.dto.js';
import { PodModelsView } from './pod-models.dto.js';

type LocalView = NonNullable<ModelOverview['actual']>;
type Pool = LocalView['pools'][number];

const STATES = ['starting', 'ready', 'restarting', 'failed', 'stopping', 'stopped'] as const;

export class QueueView {
  @ApiProperty({ type: 'integer', description: 'Texts and images that wait' })
  items!: number;

  @ApiProperty({ type: 'integer', description: 'Calls that those belong to' })
  requests!: number;

  @ApiProperty({ type: 'integer' })
  bytes!: number;

  @ApiProperty({ description: 'How long the oldest has waited' })
  oldestAgeMs!: number;
}

export class ReplicaView {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  device!: string;

  @ApiProperty({ enum: STATES })
  state!: (typeof STATES)[number];

  @ApiProperty({ type: String, nullable: true, description: 'Why; only for those who may change models' })
  reason!: string | null;

  @ApiProperty({ type: 'integer', description: 'Since when it is in this state; milliseconds since 1970' })
  sinceMs!: number;

  @ApiProperty({ type: 'integer', description: 'Starts after the first' })
  restarts!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Memory of its process; null where it cannot be read' })
  rssBytes!: number | null;

  @ApiProperty({ type: 'integer' })
  itemsInFlight!: number;
}

export class ServedModelView {
  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ['ready', 'degraded', 'down', 'leaving'], description: 'degraded = not all replicas serve' })
  state!: 'ready' | 'degraded' | 'down' | 'leaving';

  @ApiProperty()
  isDefault!: boolean;

  @ApiProperty({ type: QueueView })
  queue!: QueueView;

  @ApiProperty({ type: [ReplicaView] })
  replicas!: ReplicaView[];
}

/** How far the process that answers is with the version in force. */
export class ActualView {
  @ApiProperty({ enum: ['applied', 'applying', 'failed', 'unknown here'] })
  state!: LocalView['status']['state'] | 'unknown here';

  @ApiProperty({ type: 'integer', nullable: true, description: 'The version that it follows' })
  version!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The step that is under way, or that failed; null when the version itself cannot be served',
  })
  step!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed' })
  reason!: string | null;

  @ApiProperty({ type: [ServedModelView] })
  models!: ServedModelView[];
}

export class ModelsAnswer {
  @ApiProperty({ type: [String], description: 'Names of the models in force' })
  models!: string[];

  @ApiProperty({ type: VersionView, nullable: true, description: 'The version in force; null before the first start' })
  desired!: VersionView | null;

  @ApiProperty({ type: [VersionView], description: 'The newest 50, the newest first' })
  versions!: readonly VersionView[];

  @ApiProperty({ type: ActualView, description: 'What the process that answers serves; pods has it of every server' })
  actual!: ActualView;

  @ApiProperty({ type: [PodModelsView], description: 'What each pod that serves models has made of it' })
  pods!: PodModelsView[];

  @ApiProperty({
    type: [String],
    description:
      'Pods that answer and do not serve just what the version in force asks for; none = saved and live are the same',
  })
  differs!: string[];
}

/** `showsReasons`: replicas' reasons may name paths of the machine. */
export function actualView(local: ModelOverview['actual'], showsReasons: boolean): ActualView {
  if (!local) return { state: 'unknown here', version: null, step: null, reason: null, models: [] };
  const { state, version = null, step = null, reason = null } = local.status;
  const [first] = local.pools;
  const served = local.pools.map((pool) => modelView(pool, poolStateOf(pool), pool === first, showsReasons));
  const leaving = local.leaving.map((pool) => modelView(pool, 'leaving', false, showsReasons));
  return { state, version, step, reason, models: [...served, ...leaving] };
}

function modelView(
  { model: name, queue, replicas }: Pool,
  state: ServedModelView['state'],
  isDefault: boolean,
  showsReasons: boolean,
): ServedModelView {
  return {
    ...{ name, state, isDefault, queue },
    replicas: replicas.map(({ name, device, state, reason, sinceMs, restarts, rssBytes, itemsInFlight }) => ({
      ...{ name, device, state, sinceMs, restarts, itemsInFlight },
      reason: showsReasons ? (reason ?? null) : null,
      rssBytes: rssBytes ?? null,
    })),
  };
}
