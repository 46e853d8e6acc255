import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PodDirectory } from '#pods';
import { Needs } from '../access/needs.js';
import { MayFail } from '../http/describe.js';
import { podView, PodsAnswer, PodView } from './pod.dto.js';

/** The processes of the service. */
@Controller('api/pods')
@ApiTags('pods')
export class PodsController {
  constructor(private readonly pods: PodDirectory) {}

  @Get()
  @Needs('models:read')
  @ApiOperation({ summary: 'Every process of the service, as it last reported; those that do not answer say why' })
  @ApiOkResponse({ type: PodsAnswer })
  async list(): Promise<PodsAnswer> {
    const pods = await this.pods.list();
    return { pods: pods.map(podView) };
  }

  @Get(':id')
  @Needs('models:read')
  @ApiOperation({ summary: 'One process of the service' })
  @ApiOkResponse({ type: PodView })
  @MayFail('not_found')
  async show(@Param('id') name: string): Promise<PodView> {
    return podView(await this.pods.get(name));
  }
}
