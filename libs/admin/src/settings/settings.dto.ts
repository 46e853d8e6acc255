import { ApiProperty } from '@nestjs/swagger';
import { SETTING_CHANGES, SETTING_SOURCES, type SettingChange } from '#config';
import type { SettingInForce } from './settings-in-force.js';

const SOURCES = [...SETTING_SOURCES, 'database'] as const satisfies readonly SettingInForce['source'][];

export class SettingView {
  @ApiProperty({ description: 'The environment variable', example: 'CAS_PORT' })
  name!: string;

  @ApiProperty({ description: 'The heading that it has in the manual', example: 'Network' })
  group!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The key in a YAML file; null where it has none' })
  yaml!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The argument of the command line; null where it has none',
  })
  flag!: string | null;

  @ApiProperty({ description: 'What it is for' })
  doc!: string;

  @ApiProperty({ description: 'The end of the sentence "it must be …"' })
  allowed!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null where it is unset, or a secret' })
  value!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'null = unset' })
  default!: string | null;

  @ApiProperty({ description: 'Of a secret this is all that is told' })
  isSet!: boolean;

  @ApiProperty({ description: 'Its value is never shown whole' })
  isSecret!: boolean;

  @ApiProperty({ enum: SOURCES, description: 'What gave the value; database = somebody set it while the service runs' })
  source!: SettingInForce['source'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where exactly; null for a default',
    example: 'port in cas.yml, line 3',
  })
  from!: string | null;

  @ApiProperty({ type: [String], description: 'Where it is given too, without effect: a stronger source has it' })
  overridden!: string[];

  @ApiProperty({
    enum: SETTING_CHANGES,
    description:
      'How it is changed: by a restart, by new files under the same path, or while it runs by PUT /api/log-level or PUT /api/models',
  })
  change!: SettingChange;
}

export class SettingDifferenceView {
  @ApiProperty({ example: 'CAS_REPLICAS' })
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'In the process that answers; null = its default' })
  here!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'In the other one; null = its default' })
  there!: string | null;
}

export class PodSettingsView {
  @ApiProperty({ description: 'Of the process; the one that answers is among them' })
  name!: string;

  @ApiProperty({ description: 'Whether its last report is at most ten seconds old' })
  answers!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not answer; null while it does' })
  reason!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'null where it does not tell' })
  fingerprint!: string | null;

  @ApiProperty({ type: [SettingDifferenceView], description: 'At most 50; ports and folders may well differ' })
  differences!: SettingDifferenceView[];
}

export class SettingsView {
  @ApiProperty({
    description: 'Equal where all settings of two processes are equal, secrets aside',
    example: '9f86d081884c7d65',
  })
  fingerprint!: string;

  @ApiProperty({ type: [PodSettingsView], description: 'Every process of the service, as it last reported' })
  pods!: PodSettingsView[];

  @ApiProperty({ type: [SettingView], description: 'In the order of the manual' })
  settings!: SettingView[];
}
