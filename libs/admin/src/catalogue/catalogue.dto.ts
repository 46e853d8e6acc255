import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import type { ModelFilesPart, ModelsPart, PullReport, VerificationReport } from '#pods';
import { MayBeAbsent } from '../http/input-validation.js';

const PODS_MAX = 200;
const PULL_STATES = [
  'waiting',
  'downloading',
  'checking',
  'ready',
  'failed',
  'cancelled',
] as const satisfies readonly PullReport['state'][];
const SERVED_STATES = [
  'ready',
  'degraded',
  'down',
  'leaving',
] as const satisfies readonly ModelsPart['served'][number]['state'][];
const VERIFIED = ['running', 'whole', 'damaged', 'failed'] as const satisfies readonly VerificationReport['state'][];
const PROBLEMS = ['missing', 'size', 'content'] as const;

/** A download of a model into a pod's cache. */
export class PullView {
  @ApiProperty()
  pod!: string;

  @ApiProperty()
  model!: string;

  @ApiProperty({ enum: PULL_STATES, description: 'Nothing follows ready, failed and cancelled' })
  state!: PullReport['state'];

  @ApiProperty({ description: 'What it does, or why it failed and what to do' })
  text!: string;

  @ApiProperty({ type: 'integer' })
  bytesDone!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null before the hub has told' })
  bytes!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Over the last five seconds; null unless bytes arrive' })
  bytesPerSecond!: number | null;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startedAtMs!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null while it is under way' })
  endedAtMs!: number | null;

  @ApiProperty({ description: 'Somebody asked for it, and can cancel it; else the model is being loaded' })
  isAsked!: boolean;
}

export class FileProblemView {
  @ApiProperty()
  path!: string;

  @ApiProperty({ enum: PROBLEMS })
  problem!: (typeof PROBLEMS)[number];
}

/** Whether the files of a model are as they were downloaded. */
export class VerificationView {
  @ApiProperty({ enum: VERIFIED })
  state!: VerificationReport['state'];

  @ApiProperty({ description: 'What came of it and what to do' })
  text!: string;

  @ApiProperty({ type: [FileProblemView], description: 'Files that differ; at most 50' })
  problems!: FileProblemView[];

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startedAtMs!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null while it is under way' })
  endedAtMs!: number | null;
}

/** A model on one pod. */
export class ModelOnPodView {
  @ApiProperty()
  pod!: string;

  @ApiProperty({
    enum: ['folder', 'cache'],
    nullable: true,
    description: 'Where its files are: in CAS_MODEL_DIR, or downloaded; null = not there',
  })
  place!: ModelFilesPart['here'][number]['place'] | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Size of its files there' })
  bytes!: number | null;

  @ApiProperty({ enum: SERVED_STATES, nullable: true, description: 'How it is served there; null = it is not' })
  served!: ModelsPart['served'][number]['state'] | null;

  @ApiProperty({ type: Number, nullable: true, description: 'What its replicas there work off when they are busy' })
  textsPerSecond!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  imagesPerSecond!: number | null;

  @ApiProperty({ type: PullView, nullable: true, description: 'The last download there' })
  pull!: PullView | null;

  @ApiProperty({ type: VerificationView, nullable: true, description: 'The last time that its files were read anew' })
  verification!: VerificationView | null;
}

/** What the replicas of a model work off when they are busy, all pods together. */
export class SpeedView {
  @ApiProperty({ type: Number, nullable: true })
  textsPerSecond!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  imagesPerSecond!: number | null;

  @ApiProperty({ type: 'integer', description: 'The replicas that were measured together' })
  replicas!: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why nothing was measured; null where it was' })
  reason!: string | null;
}

export class CatalogueModelView {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: [String], description: 'Its other names' })
  aliases!: string[];

  @ApiProperty({ enum: ['catalogue', 'own'], description: 'own: not in the catalogue, found on a pod' })
  source!: 'catalogue' | 'own';

  @ApiProperty({ type: String, nullable: true, description: "Of the weights; null = see the model's page" })
  licence!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Size of its files, about that of the download where they are on no pod',
  })
  bytes!: number | null;

  @ApiProperty({ description: 'Whether bytes is an estimate of the catalogue' })
  isEstimate!: boolean;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Length of its vectors' })
  dimension!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Side of the square that pictures are brought to, in pixels',
  })
  imageSize!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Most tokens of a text' })
  contextLength!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'What cuts texts into tokens' })
  tokenizer!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'On the hub; null = it cannot be downloaded' })
  repository!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "The address of the model's page" })
  page!: string | null;

  @ApiProperty({ type: [String], description: 'Published variants, as in name@variant' })
  variants!: string[];

  @ApiProperty({ type: String, nullable: true })
  note!: string | null;

  @ApiProperty({ description: 'Asked for by the version in force' })
  isDesired!: boolean;

  @ApiProperty({ type: SpeedView })
  speed!: SpeedView;

  @ApiProperty({ type: [ModelOnPodView], description: 'Pods that have to do with it' })
  pods!: ModelOnPodView[];
}

/** A pod that serves models, or should. */
export class ServingPodView {
  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'Whether its last report is at most ten seconds old; what it told is as of then' })
  answers!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not answer' })
  reason!: string | null;

  @ApiProperty({ type: 'integer', description: 'When it last reported, in milliseconds since 1970' })
  reportedAtMs!: number;
}

export class CatalogueAnswer {
  @ApiProperty({ type: [CatalogueModelView], description: 'Those of the catalogue, then others that pods have' })
  models!: CatalogueModelView[];

  @ApiProperty({ type: [ServingPodView], description: 'The pods that were asked' })
  pods!: ServingPodView[];
}

export class PullsAnswer {
  @ApiProperty({ type: [PullView], description: 'Under way and lately ended, of all pods' })
  pulls!: PullView[];
}

/** Which pods are meant. */
export class PodsBody {
  @ApiPropertyOptional({
    type: [String],
    maxItems: PODS_MAX,
    description: 'Every pod that serves models when left out',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(PODS_MAX)
  @IsString({ each: true })
  @MaxLength(253, { each: true })
  pods?: string[];
}

/** What came of asking one pod. */
export class AskedPodView {
  @ApiProperty()
  pod!: string;

  @ApiProperty({ description: 'Whether the pod does what was asked' })
  ok!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not' })
  reason!: string | null;
}

export class AskedPodsAnswer {
  @ApiProperty({ type: [AskedPodView] })
  pods!: AskedPodView[];
}
