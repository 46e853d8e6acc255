import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#audit';
import { AccountService, type OneTimeLink } from '#auth';
import { DomainError } from '#core';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { PublicAddress } from '../access/public-address.js';
import { MayFail, Takes } from '../http/describe.js';
import { AccountList, AccountQuery, AccountRowView, PAGE_ACCOUNTS } from './account-list.dto.js';
import { AccountRows } from './account-rows.js';
import { AccountView, ChangeAccountBody, Invitation, InviteBody, LinkView } from './account.dto.js';

/** The people of the console. AccountService checks who may touch owners, and that one remains. */
@Controller('api/accounts')
@ApiTags('accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountService,
    private readonly address: PublicAddress,
    private readonly rows: AccountRows,
  ) {}

  @Get()
  @Needs('accounts:read')
  @ApiOperation({ summary: 'Accounts by e-mail address, with their tokens, sessions and open links; page by page' })
  @ApiOkResponse({ type: AccountList })
  async list(@Query() { cursor, limit = PAGE_ACCOUNTS, ...filter }: AccountQuery): Promise<AccountList> {
    const { accounts, next, total } = await this.accounts.page({ ...filter, limit, after: cursor });
    return { accounts: await this.rows.of(accounts), cursor: next ?? null, total };
  }

  @Post()
  @Needs('accounts:write')
  @ApiOperation({ summary: 'Invite somebody: the account, and the link to send to that person' })
  @Takes(InviteBody, { 'a member': { email: 'bob@example.com', name: 'Bob', role: 'member' } })
  @ApiCreatedResponse({ type: Invitation })
  @MayFail('conflict')
  async invite(
    @Body() body: InviteBody,
    @Calling() { actor }: Caller,
    @Req() req: FastifyRequest,
  ): Promise<Invitation> {
    const { account, link } = await this.accounts.invite(actor, body);
    return { account, link: this.linkView(link, req) };
  }

  @Get(':id')
  @Needs('accounts:read')
  @ApiOperation({ summary: 'One account' })
  @ApiOkResponse({ type: AccountRowView })
  async one(@Param('id') id: string): Promise<AccountRowView> {
    const [row] = await this.rows.of([await this.accounts.get(id)]);
    if (row === undefined) throw new TypeError('An account has a row.');
    return row;
  }

  @Patch(':id')
  @Needs('accounts:write')
  @ApiOperation({ summary: 'Change name, role or disabled: one of them' })
  @Takes(ChangeAccountBody, {
    'another name': { name: 'Robert' },
    'another role': { role: 'viewer' },
    disable: { disabled: true },
  })
  @ApiOkResponse({ type: AccountView })
  @MayFail('conflict')
  change(@Param('id') id: string, @Body() body: ChangeAccountBody, @Calling() { actor }: Caller): Promise<AccountView> {
    const given = Object.values(body).filter((value) => value !== undefined && value !== null);
    if (given.length !== 1) throw new DomainError('invalid_argument', 'Give one of name, role and disabled.');
    return this.apply(id, body, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Needs('accounts:write')
  @ApiOperation({ summary: 'Remove an account; its tokens stay behind, revoked' })
  @ApiNoContentResponse()
  @MayFail('conflict')
  remove(@Param('id') id: string, @Calling() { actor }: Caller): Promise<void> {
    return this.accounts.remove(actor, id);
  }

  @Post(':id/reset-link')
  @Needs('accounts:write')
  @ApiOperation({ summary: 'A link by which the person chooses a new password; single sign-on binds the account anew' })
  @ApiCreatedResponse({ type: LinkView })
  @MayFail('conflict')
  async resetLink(
    @Param('id') id: string,
    @Calling() { actor }: Caller,
    @Req() req: FastifyRequest,
  ): Promise<LinkView> {
    return this.linkView(await this.accounts.resetLink(actor, id), req);
  }

  /** The page of a link. The secret is in the fragment, which browsers send to nobody and servers write into no log. */
  private linkView({ purpose, secret, expiresAtMs }: OneTimeLink, req: FastifyRequest): LinkView {
    return { purpose, url: `${this.address.of(req, `/${purpose}`)}#${secret}`, expiresAtMs };
  }

  private apply(id: string, { name, role, disabled }: ChangeAccountBody, actor: Actor): Promise<AccountView> {
    if (name !== undefined) return this.accounts.rename(actor, id, name);
    if (role !== undefined) return this.accounts.setRole(actor, id, role);
    return disabled === true ? this.accounts.disable(actor, id) : this.accounts.enable(actor, id);
  }
}
