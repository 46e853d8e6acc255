import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '#core';
import { Person, type SessionCaller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { MayFail } from '../http/describe.js';
import { EventStreams } from './event-streams.js';

const EVENT_STREAM = 'text/event-stream';

/** Tells pages what has changed, while it changes. */
@Controller('api/events')
@ApiTags('events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  /**
   * Never ends by itself while the session lasts. A caller that does not ask for a stream of events, as browsers'
   * EventSource does, would wait for ever and is refused.
   */
  @Get()
  @Needs('session')
  @ApiOperation({
    summary: 'What changes, as server-sent events: `changed` with the topics, `ended` when the session has ended',
  })
  @ApiHeader({ name: 'accept', required: true, schema: { type: 'string', enum: [EVENT_STREAM] } })
  @ApiProduces(EVENT_STREAM)
  @ApiOkResponse({ schema: { type: 'string', example: 'event: changed\ndata: {"topics":["tokens","audit"]}\n\n' } })
  @MayFail('invalid_argument', 'rate_limited')
  stream(
    @Person() person: SessionCaller,
    @Headers('accept') accept: string | undefined,
    @Res() res: FastifyReply,
  ): void {
    if (!accept?.includes(EVENT_STREAM)) {
      throw new DomainError('invalid_argument', `This is a stream of events: send the header accept: ${EVENT_STREAM}.`);
    }
    this.streams.requireRoom(person);
    res.hijack();
    const { raw } = res;
    raw.writeHead(200, {
      ...headersOf(res),
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store, no-transform',
      // nginx would else hold events back until there are some kilobytes of them.
      'x-accel-buffering': 'no',
    });
    raw.on('error', () => raw.destroy());
    raw.on('close', this.streams.open(person, raw));
  }
}

/** What hooks have set already, such as the headers for security. */
function headersOf(res: FastifyReply): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(res.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
