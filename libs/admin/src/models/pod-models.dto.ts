import { ApiProperty } from '@nestjs/swagger';
import type { ModelsPart, PodView } from '#pods';
import type { DesiredState } from '#serving';

const STATES = ['applied', 'applying', 'failed'] as const satisfies readonly ModelsPart['state'][];
const SERVED = ['ready', 'degraded', 'down', 'leaving'] as const;
const LEVELS = ['info', 'warn', 'error'] as const;

export class ModelLogLineView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ enum: LEVELS })
  level!: (typeof LEVELS)[number];

  @ApiProperty({ type: String, nullable: true })
  replica!: string | null;

  @ApiProperty()
  text!: string;
}

/** A model as a pod serves it. */
export class ModelServedView {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  isDefault!: boolean;

  @ApiProperty({ enum: SERVED, description: 'degraded = not all replicas serve' })
  state!: (typeof SERVED)[number];

  @ApiProperty({ type: 'integer' })
  replicas!: number;

  @ApiProperty({ type: 'integer' })
  replicasReady!: number;

  @ApiProperty({ type: [String], description: 'One a replica' })
  devices!: string[];

  @ApiProperty({ type: Number, nullable: true, description: 'What its replicas work off when they are busy' })
  textsPerSecond!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  imagesPerSecond!: number | null;
}

/** How far a pod is with the version in force. */
export class PodModelsView {
  @ApiProperty()
  pod!: string;

  @ApiProperty({ description: 'Whether its last report is at most ten seconds old; the rest is as of then' })
  answers!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not answer' })
  silence!: string | null;

  @ApiProperty({ type: 'integer', description: 'When it last reported, in milliseconds since 1970' })
  reportedAtMs!: number;

  @ApiProperty({ enum: STATES, nullable: true, description: 'Null while it starts and has not told' })
  state!: ModelsPart['state'] | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The version that it follows' })
  version!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'The step that is under way, or that failed' })
  step!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The model that the step is about' })
  model!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the step, or its last try, failed' })
  reason!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Since when it is in this state; milliseconds since 1970',
  })
  sinceMs!: number | null;

  @ApiProperty({
    type: [ModelLogLineView],
    nullable: true,
    description: 'The last lines about the model whose step failed; null for those who may not change models',
  })
  lines!: ModelLogLineView[] | null;

  @ApiProperty({ type: [ModelServedView] })
  served!: ModelServedView[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'In what it differs from the version in force, in words; null when it serves just that, or is silent',
  })
  difference!: string | null;
}

/** `showsLines`: lines of a model may name paths of the machine. */
export function podModelsView(pod: PodView, desired: DesiredState | null, showsLines: boolean): PodModelsView {
  const { name, answers, reason: silence, reportedAtMs, report } = pod;
  const told = report.models;
  return {
    ...{ pod: name, answers, silence, reportedAtMs },
    ...{ state: told?.state ?? null, version: told?.version ?? null, step: told?.step ?? null },
    ...{ model: told?.model ?? null, reason: told?.reason ?? null, sinceMs: told?.sinceMs ?? null },
    lines: showsLines ? (told?.lines ?? []) : null,
    served: told?.served ?? [],
    difference: answers && desired ? differenceOf(told, desired.version) : null,
  };
}

function differenceOf(told: ModelsPart | undefined, wanted: number): string | null {
  if (!told) return 'It has not told yet what it serves.';
  const { state, version, step, reason } = told;
  if (version !== wanted) {
    return version === null ? 'It follows no version yet.' : `It still follows version ${version}.`;
  }
  if (state === 'applied') return null;
  if (state === 'applying') return step === null ? 'It is on the way.' : `Under way: ${step}`;
  return [step === null ? 'It cannot serve this version.' : `Failed: ${step}`, reason].filter(Boolean).join(' ');
}
