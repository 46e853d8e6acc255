import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { exportAudit, listAudit, verifyAudit, verifyAuditStep, type AuditVerdict } from '#audit';
import { Database } from '#database';
import { Needs } from '../access/needs.js';
import { csvFile } from '../http/csv.js';
import { auditRows, AUDIT_HEADING } from './audit-csv.js';
import { queryOf, spanOf } from './audit-query.js';
import {
  AuditFilter,
  AuditPageView,
  AuditSpanQuery,
  AuditStepView,
  ExpectedHeadQuery,
  STEP_EVENTS,
  VerifyStepQuery,
} from './audit.dto.js';

/** The trail of every change, read only. */
@Controller('api')
@ApiTags('audit')
export class AuditController {
  constructor(private readonly database: Database) {}

  @Get('audit')
  @Needs('audit:read')
  @ApiOperation({ summary: 'A page of the trail, the newest event first' })
  @ApiOkResponse({ type: AuditPageView })
  list(@Query() filter: AuditFilter): Promise<AuditPageView> {
    return listAudit(this.database, queryOf(filter));
  }

  /** An export that breaks off ends without the end of its body, so that nobody takes a part for the whole. */
  @Get('audit/export')
  @Needs('audit:read')
  @ApiOperation({ summary: 'The trail as JSON Lines, the oldest event first; `cas audit verify` checks it' })
  @ApiOkResponse({ content: { 'application/x-ndjson': { schema: { type: 'string' } } } })
  export(@Query() span: AuditSpanQuery): StreamableFile {
    const lines = Readable.from(exportAudit(this.database, spanOf(span)));
    return new StreamableFile(lines, {
      type: 'application/x-ndjson; charset=utf-8',
      disposition: 'attachment; filename="audit.jsonl"',
    });
  }

  @Get('audit.csv')
  @Needs('audit:read')
  @ApiOperation({
    summary: 'The events that a filter finds as a table for spreadsheets, the newest first, 100,000 at most',
  })
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  csv(@Query() filter: AuditFilter): StreamableFile {
    return csvFile('audit.csv', AUDIT_HEADING, auditRows(this.database, queryOf(filter)));
  }

  @Get('audit/verify/step')
  @Needs('audit:read')
  @ApiOperation({ summary: 'Checks the next events of the chain, so that a long check can show how far it is' })
  @ApiOkResponse({ type: AuditStepView })
  step(@Query() { sinceSeq, sinceHash, eventsMax = STEP_EVENTS }: VerifyStepQuery): Promise<AuditStepView> {
    const since = sinceSeq === undefined || sinceHash === undefined ? undefined : { seq: sinceSeq, hash: sinceHash };
    return verifyAuditStep(this.database, { since, eventsMax });
  }

  @Get('audit/verify')
  @Needs('audit:read')
  @ApiOperation({ summary: 'Checks the whole chain of hashes, also against a head that was noted before' })
  @ApiOkResponse({
    schema: {
      anyOf: [
        {
          type: 'object',
          description: 'The chain holds',
          required: ['ok', 'events', 'firstSeq', 'head'],
          properties: {
            ok: { type: 'boolean', enum: [true] },
            events: { type: 'integer' },
            firstSeq: { type: 'integer', description: '0: there is no event yet' },
            head: {
              type: 'object',
              description: 'To be noted elsewhere, and given to a later check',
              required: ['seq', 'hash'],
              properties: { seq: { type: 'integer' }, hash: { type: 'string' } },
            },
          },
        },
        {
          type: 'object',
          description: 'Where it is broken, and how',
          required: ['ok', 'seq', 'reason'],
          properties: { ok: { type: 'boolean', enum: [false] }, seq: { type: 'integer' }, reason: { type: 'string' } },
        },
      ],
    },
  })
  verify(@Query() { seq, hash }: ExpectedHeadQuery): Promise<AuditVerdict> {
    const expectedHead = seq === undefined || hash === undefined ? undefined : { seq, hash };
    return verifyAudit(this.database, { expectedHead });
  }
}
