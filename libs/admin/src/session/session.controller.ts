import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountCredentials, AccountService, LogIn, PlaygroundTokens, SessionService } from '#auth';
import { Calling, clientAddressOf, permissionsOf, Person, type Caller, type SessionCaller } from '../access/caller.js';
import { Cookies } from '../access/cookies.js';
import { Needs } from '../access/needs.js';
import { AccountView } from '../accounts/account.dto.js';
import { MayFail, Takes } from '../http/describe.js';
import { SessionStarter } from './session-starter.js';
import { ChangePasswordBody, LoggedIn, LogInBody, RenameBody, WhoAmI } from './session.dto.js';

/** Logging in and out, and what people change about themselves. */
@Controller('api/session')
@ApiTags('session')
export class SessionController {
  constructor(
    private readonly logIns: LogIn,
    private readonly accounts: AccountService,
    private readonly credentials: AccountCredentials,
    private readonly sessions: SessionService,
    private readonly starter: SessionStarter,
    private readonly cookies: Cookies,
    private readonly playgroundTokens: PlaygroundTokens,
  ) {}

  @Post()
  @Needs('nothing')
  @ApiOperation({ summary: 'Log in: sets the session cookie' })
  @Takes(LogInBody, {
    'e-mail address and password': { email: 'ann@example.com', password: 'tidal lantern forty-two' },
  })
  @ApiCreatedResponse({ type: LoggedIn })
  @MayFail('unauthenticated', 'rate_limited')
  async logIn(
    @Body() { email, password }: LogInBody,
    @Req() req: FastifyRequest,
    @Res({ passthrough: true }) res: FastifyReply,
  ): Promise<LoggedIn> {
    const device = this.cookies.read(req, 'device');
    const caller = { from: clientAddressOf(req), deviceCookie: device };
    const { account, deviceCookie } = await this.logIns.login(email, password, caller);
    this.starter.rememberDevice(res, deviceCookie);
    return this.starter.begin(account, req, res);
  }

  @Get()
  @Needs('caller')
  @ApiOperation({ summary: 'Who calls, and what it may do' })
  @ApiOkResponse({ type: WhoAmI })
  who(@Calling() caller: Caller): WhoAmI {
    const { via, role } = caller;
    const answer = { via, account: caller.account ?? null, role, permissions: permissionsOf(caller) };
    return caller.via === 'session' ? { ...answer, csrfToken: caller.csrfToken } : answer;
  }

  @Patch()
  @Needs('session')
  @ApiOperation({ summary: 'Change the own name' })
  @Takes(RenameBody, { 'a new name': { name: 'Ann' } })
  @ApiOkResponse({ type: AccountView })
  @MayFail('not_found')
  rename(@Body() { name }: RenameBody, @Person() { actor, account }: SessionCaller): Promise<AccountView> {
    return this.accounts.rename(actor, account.id, name);
  }

  @Delete()
  @HttpCode(204)
  @Needs('session')
  @ApiOperation({ summary: 'Log out' })
  @ApiNoContentResponse()
  async logOut(
    @Person() { account, actor, session }: SessionCaller,
    @Res({ passthrough: true }) res: FastifyReply,
  ): Promise<void> {
    await this.sessions.end(account.id, session.id);
    await this.playgroundTokens.end(account.id, actor);
    this.cookies.clear(res, 'session');
  }

  @Post('password')
  @HttpCode(200)
  @Needs('session')
  @ApiOperation({ summary: 'Change the own password; every other session ends' })
  @Takes(ChangePasswordBody, {
    'another password': { old: 'tidal lantern forty-two', new: 'copper meadow nineteen' },
  })
  @ApiOkResponse({ type: AccountView })
  @MayFail('conflict', 'not_found', 'rate_limited')
  changePassword(@Body() body: ChangePasswordBody, @Person() { actor, session }: SessionCaller): Promise<AccountView> {
    const { old: oldPassword, new: newPassword } = body;
    return this.credentials.changePassword(actor, { oldPassword, newPassword, keepSessionId: session.id });
  }
}
