import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DomainError, MODEL_LIMITS } from '#core';
import { cancelPull, PodCommands, PodDirectory, pullModel, verifyModel } from '#pods';
import { ModelAdministration } from '#serving';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { MayFail, Takes } from '../http/describe.js';
import { ModelCatalogue } from '../services/admin-services.js';
import { catalogueViews, pullViews, servingPods, servingPodView } from './catalogue-view.js';
import { AskedPodsAnswer, CatalogueAnswer, PodsBody, PullsAnswer, type AskedPodView } from './catalogue.dto.js';

const EVERY_POD = { 'every pod that serves models': {} };

/** A model as callers name it. */
const NAME = { name: 'name', schema: { type: 'string' as const, minLength: 1, example: 'mini-clip' } };

/** The models that can be served, and their files on the pods. */
@Controller('api')
@ApiTags('models')
export class CatalogueController {
  constructor(
    private readonly catalogue: ModelCatalogue,
    private readonly models: ModelAdministration,
    private readonly pods: PodDirectory,
    private readonly commands: PodCommands,
  ) {}

  @Get('catalogue')
  @Needs('models:read')
  @ApiOperation({
    summary: 'Every model that is known by name or lies on a pod: facts, files, and the speed measured here',
  })
  @ApiOkResponse({ type: CatalogueAnswer })
  async list(): Promise<CatalogueAnswer> {
    const [pods, desired] = await Promise.all([this.serving(), this.models.names()]);
    return {
      models: catalogueViews(this.catalogue.models, pods, new Set(desired)),
      pods: pods.map(servingPodView),
    };
  }

  @Get('pulls')
  @Needs('models:read')
  @ApiOperation({ summary: 'Downloads of models on all pods, under way and lately ended' })
  @ApiOkResponse({ type: PullsAnswer })
  async pulls(): Promise<PullsAnswer> {
    return { pulls: pullViews(await this.serving()) };
  }

  @Post('catalogue/:name/pull')
  @ApiParam(NAME)
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({ summary: 'Download the files of a model to pods; GET /api/pulls tells how far they are' })
  @Takes(PodsBody, EVERY_POD)
  @ApiOkResponse({ type: AskedPodsAnswer })
  @MayFail('not_found', 'conflict')
  pull(
    @Param('name') model: string,
    @Body() { pods }: PodsBody,
    @Calling() { actor }: Caller,
  ): Promise<AskedPodsAnswer> {
    return this.askPods(pods, (pod) => this.commands.ask(actor, pod, pullModel, { model: nameOf(model) }));
  }

  @Post('catalogue/:name/cancel')
  @ApiParam(NAME)
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({ summary: 'End the downloads of a model; what has arrived is kept for the next one' })
  @Takes(PodsBody, EVERY_POD)
  @ApiOkResponse({ type: AskedPodsAnswer })
  @MayFail('not_found', 'conflict')
  cancel(
    @Param('name') model: string,
    @Body() { pods }: PodsBody,
    @Calling() { actor }: Caller,
  ): Promise<AskedPodsAnswer> {
    return this.askPods(pods, (pod) => this.commands.ask(actor, pod, cancelPull, { model: nameOf(model) }));
  }

  @Post('catalogue/:name/verify')
  @ApiParam(NAME)
  @HttpCode(200)
  @Needs('models:write')
  @ApiOperation({
    summary: 'Read every byte of the files of a model on pods; GET /api/catalogue tells what came of it',
  })
  @Takes(PodsBody, EVERY_POD)
  @ApiOkResponse({ type: AskedPodsAnswer })
  @MayFail('not_found', 'conflict')
  verify(
    @Param('name') model: string,
    @Body() { pods }: PodsBody,
    @Calling() { actor }: Caller,
  ): Promise<AskedPodsAnswer> {
    return this.askPods(pods, (pod) => this.commands.ask(actor, pod, verifyModel, { model: nameOf(model) }));
  }

  /** Asks each pod at once. Fails as they did when none does it; else each tells. */
  private async askPods(
    named: readonly string[] | undefined,
    askPod: (pod: string) => Promise<unknown>,
  ): Promise<AskedPodsAnswer> {
    const names = named ?? (await this.serving()).map(({ name }) => name);
    if (names.length === 0)
      throw new DomainError('conflict', 'There is no pod that serves models. Start one, then try again.');
    const failures: DomainError[] = [];
    const ask = async (pod: string): Promise<AskedPodView> => {
      try {
        await askPod(pod);
        return { pod, ok: true, reason: null };
      } catch (thrown) {
        const error = DomainError.from(thrown);
        failures.push(error);
        return { pod, ok: false, reason: error.message };
      }
    };
    const pods = await Promise.all([...new Set(names)].map(ask));
    const [failure] = failures;
    if (failure && failures.length === pods.length) throw failure;
    return { pods };
  }

  private async serving() {
    return servingPods(await this.pods.list());
  }
}

function nameOf(model: string): string {
  if (model.length <= MODEL_LIMITS.nameLengthMax) return model;
  throw new DomainError(
    'invalid_argument',
    `The name of a model has at most ${MODEL_LIMITS.nameLengthMax} characters.`,
  );
}
