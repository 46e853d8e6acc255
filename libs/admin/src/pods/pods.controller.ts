import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { drainReplica, PodCommands, PodDirectory, restartReplica, restoreReplicas } from '#pods';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { MayFail } from '../http/describe.js';
import { PodAccess } from './pod-access.js';
import { podView } from './pod-views.js';
import { PodCommandAnswer, PodsAnswer, PodView } from './pod.dto.js';

/** The processes of the service. What changes one is asked of the pod itself, which answers within five seconds. */
@Controller('api/pods')
@ApiTags('pods')
export class PodsController {
  constructor(
    private readonly pods: PodDirectory,
    private readonly commands: PodCommands,
    private readonly access: PodAccess,
  ) {}

  @Get()
  @Needs('models:read')
  @ApiOperation({ summary: 'Every process of the service, as it last reported; those that do not answer say why' })
  @ApiOkResponse({ type: PodsAnswer })
  async list(@Calling() caller: Caller): Promise<PodsAnswer> {
    const [pods, reader] = await Promise.all([this.pods.list(), this.access.readerFor(caller)]);
    return { pods: pods.map((pod) => podView(pod, reader)) };
  }

  @Get(':id')
  @Needs('models:read')
  @ApiOperation({ summary: 'One process of the service' })
  @ApiOkResponse({ type: PodView })
  @MayFail('not_found')
  async show(@Param('id') name: string, @Calling() caller: Caller): Promise<PodView> {
    return podView(await this.pods.get(name), await this.access.readerFor(caller));
  }

  @Post(':id/replicas/:replica/drain')
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({ summary: 'Give a replica no more batches, let it finish and end; the last one that serves is kept' })
  @ApiOkResponse({ type: PodCommandAnswer })
  @MayFail('not_found')
  drain(@Param('id') pod: string, @Param('replica') replica: string, @Calling() { actor }: Caller) {
    return this.answer(this.commands.ask(actor, pod, drainReplica, { replica }));
  }

  @Post(':id/replicas/:replica/restart')
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({ summary: 'Put a fresh replica in the place of one, ready before that goes; no request fails' })
  @ApiOkResponse({ type: PodCommandAnswer })
  @MayFail('not_found')
  restart(@Param('id') pod: string, @Param('replica') replica: string, @Calling() { actor }: Caller) {
    return this.answer(this.commands.ask(actor, pod, restartReplica, { replica }));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({ summary: 'Start again the replicas that are wanted and were drained by hand' })
  @ApiOkResponse({ type: PodCommandAnswer })
  @MayFail('not_found')
  restore(@Param('id') pod: string, @Calling() { actor }: Caller) {
    return this.answer(this.commands.ask(actor, pod, restoreReplicas, {}));
  }

  private async answer(asked: Promise<PodCommandAnswer>): Promise<PodCommandAnswer> {
    const { state } = await asked;
    return { state };
  }
}
