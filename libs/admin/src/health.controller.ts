import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from './access/needs.js';

/** For orchestrators. */
@Controller('health')
@ApiTags('health')
export class HealthController {
  /** The event loop turns; nothing else. */
  @Get('live')
  @Needs('nothing')
  @ApiOperation({ summary: 'Whether the process answers' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
