import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { LimitsAnswer } from './limits.dto.js';
import { LimitsReport } from './limits-report.js';

/** The limits in force, and how much of them is left. */
@Controller('api/limits')
@ApiTags('limits')
export class LimitsController {
  constructor(private readonly report: LimitsReport) {}

  @Get()
  @Needs('usage:read-own')
  @ApiOperation({
    summary:
      'The limits of the service and of each token, what is left now, how often they refused, and who waits in the queues',
    description: 'The tokens with the smallest part left come first. Members see the service and their own tokens.',
  })
  @ApiOkResponse({ type: LimitsAnswer })
  limits(@Calling() caller: Caller): Promise<LimitsAnswer> {
    return this.report.of(caller);
  }
}
