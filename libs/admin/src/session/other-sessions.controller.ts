import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionService } from '#auth';
import { Database } from '#database';
import { Person, type SessionCaller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { SessionList } from './session.dto.js';

/** The browsers in which somebody is logged in. */
@Controller('api/session/others')
@ApiTags('session')
export class OtherSessionsController {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionService,
  ) {}

  @Get()
  @Needs('session')
  @ApiOperation({ summary: 'The own sessions, the latest used first' })
  @ApiOkResponse({ type: SessionList })
  async list(@Person() { account, session: current }: SessionCaller): Promise<SessionList> {
    const sessions = await this.sessions.listOf(account.id);
    return {
      sessions: sessions.map(({ accountId: _, ...session }) => ({ ...session, current: session.id === current.id })),
    };
  }

  @Delete()
  @HttpCode(204)
  @Needs('session')
  @ApiOperation({ summary: 'End every own session but this one' })
  @ApiNoContentResponse()
  async endAll(@Person() { account, session }: SessionCaller): Promise<void> {
    await this.database.transaction((manager) => this.sessions.endAllOf(manager, account.id, session.id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Needs('session')
  @ApiOperation({ summary: 'End one of the own sessions' })
  @ApiNoContentResponse()
  end(@Param('id') id: string, @Person() { account }: SessionCaller): Promise<void> {
    return this.sessions.end(account.id, id);
  }
}
