import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelAdministration, type ChangeMade, type DesiredState } from '#serving';
import { PodDirectory } from '#pods';
import { callerMay, Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { MayFail, Takes } from '../http/describe.js';
import { actualView, ModelsAnswer } from './actual.dto.js';
import { podModelsView } from './pod-models.dto.js';
import {
  ChangeAnswer,
  ComparisonAnswer,
  DesiredBody,
  PlanAnswer,
  RollbackBody,
  VersionsParams,
  VersionView,
} from './model.dto.js';

const DESIRED = {
  'one model': {
    models: [{ name: 'mini-clip', replicas: 1, devices: ['cpu'], isDefault: true }],
    note: 'one replica is enough',
  },
};

/** Which models are served and which should be. Every server follows the version in force by itself. */
@Controller('api/models')
@ApiTags('models')
export class ModelsController {
  constructor(
    private readonly models: ModelAdministration,
    private readonly pods: PodDirectory,
  ) {}

  @Get()
  @Needs('models:read')
  @ApiOperation({ summary: 'What should be served, its versions, and what each pod serves' })
  @ApiOkResponse({ type: ModelsAnswer })
  async show(@Calling() caller: Caller): Promise<ModelsAnswer> {
    const [{ desired, versions, actual }, all] = await Promise.all([this.models.overview(), this.pods.list()]);
    const isAllowed = callerMay(caller, 'models:write');
    const pods = all
      .filter(({ roles }) => roles.includes('inference'))
      .map((pod) => podModelsView(pod, desired, isAllowed));
    return {
      models: desired?.models.map(({ name }) => name) ?? [],
      desired: desired && versionView(desired),
      versions: versions.map(versionView),
      actual: actualView(actual, isAllowed),
      pods,
      differs: pods.flatMap(({ pod, difference }) => (difference === null ? [] : [pod])),
    };
  }

  @Post('plan')
  @HttpCode(200)
  @Needs('models:read')
  @ApiOperation({ summary: 'The steps that PUT would take; nothing is changed' })
  @Takes(DesiredBody, DESIRED)
  @ApiOkResponse({ type: PlanAnswer })
  @MayFail('conflict')
  async plan(@Body() { models, basedOn }: DesiredBody): Promise<PlanAnswer> {
    return this.models.plan(models, basedOn);
  }

  @Put()
  @Needs('models:write')
  @ApiOperation({ summary: 'Ask for these models from now on; the servers follow, GET shows how far this one is' })
  @Takes(DesiredBody, DESIRED)
  @ApiOkResponse({ type: ChangeAnswer })
  @MayFail('conflict')
  async apply(
    @Body() { models, note = '', basedOn }: DesiredBody,
    @Calling() { actor }: Caller,
  ): Promise<ChangeAnswer> {
    const change = { models, note, ...(basedOn === undefined ? {} : { basedOn }) };
    return changeAnswer(await this.models.apply(actor, change));
  }

  @Get('versions/:from/diff/:to')
  @Needs('models:read')
  @ApiOperation({ summary: 'What a version asks for that another one did not, in sentences' })
  @ApiOkResponse({ type: ComparisonAnswer })
  @MayFail('not_found')
  async compare(@Param() params: VersionsParams): Promise<ComparisonAnswer> {
    const { from, to, differences } = await this.models.compare(params.from, params.to);
    return { from: versionView(from), to: versionView(to), differences };
  }

  @Post('rollback')
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({
    summary: 'Ask again for the models of an older version, as a new one; undone by rolling back to undoVersion',
  })
  @Takes(RollbackBody, { 'the first version': { version: 1 } })
  @ApiOkResponse({ type: ChangeAnswer })
  @MayFail('conflict', 'not_found')
  async rollback(@Body() { version, basedOn }: RollbackBody, @Calling() { actor }: Caller): Promise<ChangeAnswer> {
    const to = { version, ...(basedOn === undefined ? {} : { basedOn }) };
    return changeAnswer(await this.models.rollback(actor, to));
  }
}

function changeAnswer({ state, undoVersion, stops }: ChangeMade): ChangeAnswer {
  return { ...versionView(state), undoVersion, stops };
}

function versionView({ models, ...state }: DesiredState): VersionView {
  return { ...state, models: models.map(({ devices, ...model }) => ({ ...model, devices: [...devices] })) };
}
