import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountService, TokenService, type IssuedToken, type TokenRecord } from '#auth';
import { DomainError } from '#core';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { MayFail, Takes } from '../http/describe.js';
import { RevocationImpact } from './revocation-impact.js';
import { requireMayGrant, requireMayRead, requireMayWrite } from './token-access.js';
import { TokenViews } from './token-views.js';
import { ChangeTokenBody, CreateTokenBody, RotateTokenBody } from './token-bodies.dto.js';
import { TokenImpact } from './token-impact.dto.js';
import { TokenList, TokenQuery } from './token-list.dto.js';
import { IssuedTokenView, TokenView } from './token.dto.js';

/** Access tokens: everybody makes their own, owners and admins look after all of them. */
@Controller('api/tokens')
@ApiTags('tokens')
export class TokensController {
  constructor(
    private readonly tokens: TokenService,
    private readonly accounts: AccountService,
    private readonly views: TokenViews,
    private readonly impact: RevocationImpact,
  ) {}

  @Get()
  @Needs('tokens:read-own')
  @ApiOperation({ summary: 'The tokens that the caller may see, the newest first; page by page' })
  @ApiOkResponse({ type: TokenList })
  list(@Query() query: TokenQuery, @Calling() caller: Caller): Promise<TokenList> {
    return this.views.page(query, caller);
  }

  @Post()
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'Make a token of the own; it is shown this once' })
  @Takes(CreateTokenBody, {
    'for a month': { name: 'ci', expiresInDays: 30 },
    'limited, for ever': {
      name: 'shop',
      expiresInDays: null,
      scopes: ['encode', 'rank'],
      models: null,
      limits: { requestsPerMinute: 600, itemsPerDay: 100_000, itemsInFlight: 64 },
    },
  })
  @ApiCreatedResponse({ type: IssuedTokenView })
  @MayFail('conflict')
  async create(@Body() body: CreateTokenBody, @Calling() caller: Caller): Promise<IssuedTokenView> {
    requireMayGrant(caller, { scopes: body.scopes, models: body.models });
    const ownerId = caller.account?.id ?? null;
    const issued = await this.tokens.create(caller.actor, { ...body, ownerId });
    await this.requireUnchanged(caller, issued.record);
    return this.issuedView(issued);
  }

  @Get(':id')
  @Needs('tokens:read-own')
  @ApiOperation({ summary: 'One token' })
  @ApiOkResponse({ type: TokenView })
  async one(@Param('id') id: string, @Calling() caller: Caller): Promise<TokenView> {
    return this.views.viewOf(await this.readable(id, caller));
  }

  @Get(':id/impact')
  @Needs('tokens:read-own')
  @ApiOperation({ summary: 'What a revocation would break: who used it last, how much, and what will fail' })
  @ApiOkResponse({ type: TokenImpact })
  async impactOf(@Param('id') id: string, @Calling() caller: Caller): Promise<TokenImpact> {
    return this.impact.of(await this.readable(id, caller));
  }

  @Patch(':id')
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'Change name, scopes, models, limits or expiry; what is left out stays' })
  @Takes(ChangeTokenBody, {
    'another name': { name: 'ci of the shop' },
    'a month more': { expiresInDays: 30 },
    'other rights': { scopes: ['encode'], models: null, limits: { itemsPerDay: 10_000 } },
  })
  @ApiOkResponse({ type: TokenView })
  @MayFail('conflict')
  async change(@Param('id') id: string, @Body() body: ChangeTokenBody, @Calling() caller: Caller): Promise<TokenView> {
    const { models } = await this.writable(id, caller);
    requireMayGrant(caller, { scopes: body.scopes, models: body.models === undefined ? models : body.models });
    return this.views.viewOf(await this.tokens.update(caller.actor, id, body));
  }

  @Delete(':id')
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'Revoke a token: refused everywhere within a second; 10 minutes to restore it' })
  @ApiOkResponse({ type: TokenView })
  @MayFail('conflict')
  async revoke(@Param('id') id: string, @Calling() caller: Caller): Promise<TokenView> {
    await this.writable(id, caller);
    return this.views.viewOf(await this.tokens.revoke(caller.actor, id));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'Undo a revocation of the last 10 minutes: the same secret works again within a second' })
  @ApiOkResponse({ type: TokenView })
  @MayFail('conflict')
  async restore(@Param('id') id: string, @Calling() caller: Caller): Promise<TokenView> {
    requireMayGrant(caller, await this.writable(id, caller));
    const restored = await this.tokens.restore(caller.actor, id);
    await this.requireUnchanged(caller, restored);
    return this.views.viewOf(restored);
  }

  @Post(':id/end-grace')
  @HttpCode(200)
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'End the old secret of a rotation now; without one nothing changes' })
  @ApiOkResponse({ type: TokenView })
  @MayFail('conflict')
  async endGrace(@Param('id') id: string, @Calling() caller: Caller): Promise<TokenView> {
    await this.writable(id, caller);
    return this.views.viewOf(await this.tokens.endGrace(caller.actor, id));
  }

  @Post(':id/rotate')
  @Needs('tokens:write-own')
  @ApiOperation({ summary: 'A new secret for the same token; the old one works on for graceMs' })
  @Takes(RotateTokenBody, { 'the old one works a day more': { graceMs: 86_400_000 }, 'at once': { graceMs: 0 } })
  @ApiCreatedResponse({ type: IssuedTokenView })
  @MayFail('conflict')
  async rotate(
    @Param('id') id: string,
    @Body() body: RotateTokenBody,
    @Calling() caller: Caller,
  ): Promise<IssuedTokenView> {
    requireMayGrant(caller, await this.writable(id, caller));
    return this.issuedView(await this.tokens.rotate(caller.actor, id, body));
  }

  private async issuedView({ token, record }: IssuedToken): Promise<IssuedTokenView> {
    return { token, record: await this.views.viewOf(record) };
  }

  private async readable(id: string, caller: Caller): Promise<TokenRecord> {
    const record = await this.tokens.get(id);
    requireMayRead(caller, record);
    return record;
  }

  private async writable(id: string, caller: Caller): Promise<TokenRecord> {
    const record = await this.tokens.get(id);
    requireMayWrite(caller, record);
    return record;
  }

  /**
   * Revokes a token whose maker lost rights meanwhile. A session counts for a second after another process took its
   * rights away, and that process revokes only the tokens that it finds; nobody has seen this one yet.
   */
  private async requireUnchanged({ account, actor }: Caller, record: TokenRecord): Promise<void> {
    if (account === undefined) return;
    const now = await this.accounts.get(account.id).catch(() => undefined);
    if (now?.role === account.role && now.status === account.status) return;
    await this.tokens.revoke(actor, record.id, { forGood: true });
    throw new DomainError('permission_denied', 'Your account was changed meanwhile. Log in again.');
  }
}
