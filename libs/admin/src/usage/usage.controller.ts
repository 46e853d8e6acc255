import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { csvFile } from '../http/csv.js';
import { UsageReport } from './usage-report.js';
import { UsageAnswer, UsageFilter } from './usage.dto.js';

/** How much was used, by token, model, protocol, outcome and time. */
@Controller('api')
@ApiTags('usage')
export class UsageController {
  constructor(private readonly report: UsageReport) {}

  @Get('usage')
  @Needs('usage:read-own')
  @ApiOperation({ summary: 'Requests and items by token, model and hour or day; members see their own tokens' })
  @ApiOkResponse({ type: UsageAnswer })
  usage(@Query() filter: UsageFilter, @Calling() caller: Caller): Promise<UsageAnswer> {
    return this.report.of(caller, filter);
  }

  @Get('usage.csv')
  @Needs('usage:read-own')
  @ApiOperation({ summary: 'The same as a table for spreadsheets' })
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  async csv(@Query() filter: UsageFilter, @Calling() caller: Caller): Promise<StreamableFile> {
    const { rows } = await this.report.of(caller, filter);
    const per = filter.per ?? ['token', 'model'];
    const parts = [
      ...(per.includes('token') ? (['tokenId', 'tokenName'] as const) : []),
      ...(['model', 'protocol', 'outcome'] as const).filter((part) => per.includes(part)),
    ];
    return csvFile(
      'usage.csv',
      ['start', ...parts, 'requests', 'items', 'refused', 'denied'],
      rows.map((row) => [
        new Date(row.startMs).toISOString(),
        ...parts.map((part) => row[part] ?? null),
        ...[row.requests, row.items, row.refused, row.denied],
      ]),
    );
  }
}
