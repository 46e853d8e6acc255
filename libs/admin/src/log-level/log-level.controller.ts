import { Body, Controller, Delete, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LogLevels } from '#telemetry';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { Takes } from '../http/describe.js';
import { LogLevelBody, LogLevelView } from './log-level.dto.js';

/** How much all processes log, for a while. */
@Controller('api/log-level')
@ApiTags('log')
export class LogLevelController {
  constructor(private readonly levels: LogLevels) {}

  @Get()
  @Needs('settings:read')
  @ApiOperation({ summary: 'What the process that answers logs, and until when' })
  @ApiOkResponse({ type: LogLevelView })
  show(): LogLevelView {
    return this.levels.now();
  }

  @Put()
  @Needs('settings:write')
  @ApiOperation({ summary: 'Log more or less for a while, in every process on the database within seconds' })
  @Takes(LogLevelBody, { 'an hour of everything': { level: 'debug', forSeconds: 3600 } })
  @ApiOkResponse({ type: LogLevelView })
  set(@Body() { level, forSeconds }: LogLevelBody, @Calling() { actor }: Caller): Promise<LogLevelView> {
    return this.levels.set(actor, level, forSeconds);
  }

  @Delete()
  @Needs('settings:write')
  @ApiOperation({ summary: 'Log as the settings say again, in every process' })
  @ApiOkResponse({ type: LogLevelView })
  reset(@Calling() { actor }: Caller): Promise<LogLevelView> {
    return this.levels.reset(actor);
  }
}
