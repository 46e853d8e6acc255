import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';

export class Life {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

/** For orchestrators. */
@Controller('health')
@ApiTags('health')
export class HealthController {
  /** The event loop turns; nothing else. */
  @Get('live')
  @Needs('nothing')
  @ApiOperation({ summary: 'Whether the process answers' })
  @ApiOkResponse({ type: Life })
  live(): Life {
    return { status: 'ok' };
  }
}
