import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { changedSettings, fingerprintOf } from '#config';
import { PodDirectory } from '#pods';
import { Needs } from '../access/needs.js';
import { SettingsInForce, StartSettings } from './settings-in-force.js';
import { settingsOfPod } from './settings-of-pod.js';
import { SettingsView } from './settings.dto.js';

/** The settings, read only: they are given where the service is started. */
@Controller('api/settings')
@ApiTags('settings')
export class SettingsController {
  constructor(
    private readonly inForce: SettingsInForce,
    private readonly start: StartSettings,
    private readonly pods: PodDirectory,
  ) {}

  @Get()
  @Needs('settings:read')
  @ApiOperation({
    summary: 'Every setting of the process that answers: its value, its default, where the value came from',
  })
  @ApiOkResponse({ type: SettingsView })
  async list(): Promise<SettingsView> {
    const [settings, pods] = await Promise.all([this.inForce.list(), this.pods.list()]);
    const changedHere = changedSettings(this.start.rows);
    return {
      fingerprint: fingerprintOf(this.start.rows),
      pods: pods.map((pod) => settingsOfPod(pod, changedHere)),
      settings: settings.map(({ overridden, ...row }) => ({ ...row, overridden: [...overridden] })),
    };
  }
}
