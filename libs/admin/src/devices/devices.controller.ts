import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelAdministration } from '#serving';
import { Needs } from '../access/needs.js';
import { DevicesAnswer } from './device.dto.js';

/** What models can run on. */
@Controller('api/devices')
@ApiTags('models')
export class DevicesController {
  constructor(private readonly models: ModelAdministration) {}

  @Get()
  @Needs('models:read')
  @ApiOperation({ summary: 'What this process can run models on, at this moment' })
  @ApiOkResponse({ type: DevicesAnswer })
  async show(): Promise<DevicesAnswer> {
    const report = await this.models.devices();
    return report ? { ...report, cards: [...report.cards] } : UNKNOWN_HERE;
  }
}

const UNKNOWN_HERE: DevicesAnswer = {
  cpu: null,
  cards: [],
  libraries: null,
  note: 'This process serves no models, and does not know the devices of the processes that do.',
};
