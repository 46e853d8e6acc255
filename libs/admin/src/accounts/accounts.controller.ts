import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#audit';
import { DomainError } from '#core';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { PublicAddress } from '../access/public-address.js';
import { AdminServices } from '../admin-services.js';
import { MayFail, Takes } from '../http/describe.js';
import { AccountList, AccountView, ChangeAccountBody, Invitation, InviteBody, LinkView } from './account.dto.js';
import { linkViewOf } from './link-view.js';

/** The people of the console. Who may touch owners, and that one remains, AccountService sees to. */
@Controller('api/accounts')
@ApiTags('accounts')
export class AccountsController {
  constructor(
    private readonly services: AdminServices,
    private readonly address: PublicAddress,
  ) {}

  @Get()
  @Needs('accounts:read')
  @ApiOperation({ summary: 'Every account, by e-mail address' })
  @ApiOkResponse({ type: AccountList })
  async list(): Promise<AccountList> {
    return { accounts: await this.services.accounts.list() };
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
    const { account, link } = await this.services.accounts.invite(actor, body);
    return { account, link: linkViewOf(link, this.address, req) };
  }

  @Get(':id')
  @Needs('accounts:read')
  @ApiOperation({ summary: 'One account' })
  @ApiOkResponse({ type: AccountView })
  one(@Param('id') id: string): Promise<AccountView> {
    return this.services.accounts.get(id);
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
    return this.services.accounts.remove(actor, id);
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
    return linkViewOf(await this.services.accounts.resetLink(actor, id), this.address, req);
  }

  private apply(id: string, { name, role, disabled }: ChangeAccountBody, actor: Actor): Promise<AccountView> {
    const { accounts } = this.services;
    if (name !== undefined) return accounts.rename(actor, id, name);
    if (role !== undefined) return accounts.setRole(actor, id, role);
    return disabled === true ? accounts.disable(actor, id) : accounts.enable(actor, id);
  }
}
