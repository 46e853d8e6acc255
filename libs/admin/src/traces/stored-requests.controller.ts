import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tokenOf, TokenService } from '#auth';
import { type Clock, DomainError, type InputItem } from '#core';
import type { StoredInput } from '#telemetry';
import { Calling, callerMay, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { MayFail, Takes } from '../http/describe.js';
import { CLOCK, INPUT_STORE, type InputStore } from '../services/admin-services.js';
import type { InferenceCaller } from '../inference/inference-calls.js';
import { leavingOf } from '../inference/leaving.js';
import { Replay } from './replay.js';
import {
  RemovedView,
  RemoveStoredQuery,
  ReplayBody,
  ReplayView,
  StoredCountsView,
  StoredRequestsQuery,
  StoredRequestView,
} from './stored-request.dto.js';

/**
 * What requests sent, where their tokens have that stored. Owners and admins look into all, everybody else into what
 * came with tokens of their own; each look is audited.
 */
@Controller('api')
@ApiTags('traces')
export class StoredRequestsController {
  constructor(
    @Inject(INPUT_STORE) private readonly inputs: InputStore,
    private readonly tokens: TokenService,
    private readonly replays: Replay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('stored-requests')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'How much is stored of what requests sent, and since when' })
  @ApiOkResponse({ type: StoredCountsView })
  async counts(@Query() { token }: StoredRequestsQuery, @Calling() caller: Caller): Promise<StoredCountsView> {
    const visible = await this.visibleTo(caller);
    const ids = token === undefined ? visible : (visible ?? [token]).filter((id) => id === token);
    const { requests, bytes, sinceMs = null } = await this.inputs.store.counts(ids);
    const { hours, bytesMax } = this.inputs;
    return { isOn: hours > 0, hours, bytesMax, requests, bytes, sinceMs };
  }

  @Delete('stored-requests')
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'Remove all that is stored of what came with a token' })
  @ApiOkResponse({ type: RemovedView })
  @MayFail('not_found')
  async removeAll(@Query() { token: id }: RemoveStoredQuery, @Calling() caller: Caller): Promise<RemovedView> {
    const visible = await this.visibleTo(caller);
    if (visible?.includes(id) === false) throw new DomainError('not_found', 'There is no token with this id.');
    const { name } = await this.tokens.get(id);
    return { removed: await this.inputs.store.removeAllOf(caller.actor, { id, name }) };
  }

  @Get('traces/:id/input')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'What a request sent, where that is stored; noted in the audit trail' })
  @ApiOkResponse({ type: StoredRequestView })
  async one(@Param('id') id: string, @Calling() caller: Caller): Promise<StoredRequestView> {
    const { items, principalId: tokenId, ...stored } = await this.read(id, caller);
    const { requestId, traceId, operation, model, startedAtMs } = stored;
    return { requestId, traceId, tokenId, operation, model, startedAtMs, items: items.map(viewOf) };
  }

  @Delete('traces/:id/input')
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'Remove what is stored of a request' })
  @ApiOkResponse({ type: RemovedView })
  async remove(@Param('id') id: string, @Calling() caller: Caller): Promise<RemovedView> {
    const removed = await this.inputs.store.remove(caller.actor, id, await this.visibleTo(caller));
    if (removed === 0) throw nothingStored();
    return { removed };
  }

  @Post('traces/:id/replay')
  @HttpCode(200)
  @Needs('tokens:write-own')
  @ApiOperation({
    summary: 'Run what a request sent on other models, and compare; noted in the audit trail',
    description:
      "Each model is asked over `/v1/embeddings` of the inference API, with the caller's own token (of the console: that of the playground), " +
      'so its limits hold and its usage counts. A program needs the scope `encode` beside `admin:*`.',
  })
  @Takes(ReplayBody, { 'two models': { models: ['ViT-B-32::openai', 'ViT-L-14::openai'] } })
  @ApiOkResponse({ type: ReplayView })
  @MayFail('unavailable')
  async replay(
    @Param('id') id: string,
    @Body() { models }: ReplayBody,
    @Calling() caller: Caller,
    @Req() req: FastifyRequest,
    @Res({ passthrough: true }) res: FastifyReply,
  ): Promise<ReplayView> {
    const signal = leavingOf(res);
    const { items } = await this.read(id, caller);
    return this.replays.run({
      caller: inferenceCaller(caller, req),
      items,
      models,
      signal,
      now: () => this.clock.now(),
    });
  }

  private async read(id: string, caller: Caller): Promise<StoredInput> {
    const stored = await this.inputs.store.read(caller.actor, id, await this.visibleTo(caller));
    if (stored === undefined) throw nothingStored();
    return stored;
  }

  /** The tokens whose requests the caller may look into; undefined = all. */
  private async visibleTo(caller: Caller): Promise<readonly string[] | undefined> {
    if (callerMay(caller, 'traces:read') && callerMay(caller, 'tokens:write')) return undefined;
    const ownerId = caller.account?.id;
    const own = ownerId === undefined ? [] : await this.tokens.list({ ownerId, includeEnded: true });
    return own.map(({ id }) => id);
  }
}

/** @throws DomainError `permission_denied` for a token that may not call models itself */
function inferenceCaller(caller: Caller, { headers }: FastifyRequest): InferenceCaller {
  if (caller.via === 'session') return caller;
  const shown = tokenOf({ authorization: headers.authorization });
  if (shown !== undefined && caller.token.scopes.includes('encode')) return { ...caller, shown };
  throw new DomainError(
    'permission_denied',
    'A request is run again with the token that asks for it, and yours lacks the scope encode. Use one with admin:* and encode.',
  );
}

function viewOf(item: InputItem): StoredRequestView['items'][number] {
  if (item.kind === 'text') return { kind: 'text', value: item.text };
  if (item.kind === 'uri') return { kind: 'uri', value: item.uri };
  return { kind: 'image', value: Buffer.from(item.bytes).toString('base64') };
}

function nothingStored(): DomainError {
  return new DomainError(
    'not_found',
    'Nothing is stored of what such a request sent. Its token may not have opted in (storesInputs), the service may store nothing ' +
      '(CAS_STORED_INPUT_HOURS), or it was too large, too old or was removed.',
  );
}
