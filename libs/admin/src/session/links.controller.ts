import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountCredentials } from '#auth';
import { AccountEntity, Database } from '#database';
import { clientAddressOf } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { AccountView } from '../accounts/account.dto.js';
import { MayFail, Takes } from '../http/describe.js';
import { SessionStarter } from './session-starter.js';
import { AcceptLinkBody, LoggedIn, SetUpBody, SetUpState } from './session.dto.js';

/** For people who have nothing yet but a link that works once. */
@Controller('api')
@ApiTags('links')
export class LinksController {
  constructor(
    private readonly database: Database,
    private readonly credentials: AccountCredentials,
    private readonly starter: SessionStarter,
  ) {}

  @Get('setup')
  @Needs('nothing')
  @ApiOperation({ summary: 'Whether the service waits for its first account' })
  @ApiOkResponse({ type: SetUpState })
  async setUpState(): Promise<SetUpState> {
    const accounts = await this.database.read((manager) => manager.count(AccountEntity));
    return { needed: accounts === 0 };
  }

  @Post('setup')
  @Needs('nothing')
  @ApiOperation({ summary: 'Make the first owner by the set-up link, and log it in' })
  @Takes(SetUpBody, {
    'the first owner': {
      secret: 'as in the set-up link, behind the #',
      email: 'ann@example.com',
      name: 'Ann',
      password: 'tidal lantern forty-two',
    },
  })
  @ApiCreatedResponse({ type: LoggedIn })
  @MayFail('not_found', 'conflict', 'rate_limited')
  async setUp(
    @Body() { secret, ...person }: SetUpBody,
    @Req() req: FastifyRequest,
    @Res({ passthrough: true }) res: FastifyReply,
  ): Promise<LoggedIn> {
    const account = await this.credentials.setUp(secret, person, clientAddressOf(req));
    return this.starter.begin(account, req, res);
  }

  @Post('links/accept')
  @HttpCode(200)
  @Needs('nothing')
  @ApiOperation({ summary: 'Choose a password by the link of an invitation or a reset' })
  @Takes(AcceptLinkBody, {
    'a password': { secret: 'as in the link, behind the #', password: 'tidal lantern forty-two' },
  })
  @ApiOkResponse({ type: AccountView })
  @MayFail('not_found', 'conflict', 'rate_limited')
  accept(@Body() { secret, password }: AcceptLinkBody, @Req() req: FastifyRequest): Promise<AccountView> {
    return this.credentials.accept(secret, password, clientAddressOf(req));
  }
}
