import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { currentTrace, type RequestTrace } from '#core';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  format: 'auto' | 'pretty' | 'json';
}

/** Whether people read the output. Then it gets colours and the panel. */
export function isPrettyLog(format: LogOptions['format']): boolean {
  return format === 'pretty' || (format === 'auto' && process.stdout.isTTY);
}

/**
 * The process's log, on standard output. Texts, images and tokens of callers never go in. A line that is written while
 * a request is worked for names it: see `requestFields`. Where standard output takes no more, such as a file on a full
 * disk, lines are lost until it does again; the process goes on.
 *
 * @example createLog({ level: 'info', format: 'auto' }).info({ model }, 'model served');
 */
export function createLog({ level, format }: LogOptions): Log {
  const out = standardOutput();
  const options = { level, base: null, mixin: requestFields };
  if (!isPrettyLog(format)) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, out);
  const readable = prettyFactory({
    colorize: process.stdout.isTTY,
    translateTime: 'HH:MM:ss.l',
    ignore: 'trace_id,span_id,trace_flags',
  });
  return pino(options, { write: (line) => out.write(readable(line)) });
}

/**
 * What names the request that is being worked for. The first three are the fields by which OpenTelemetry joins JSON
 * logs to traces (opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context); `requestId` is what the caller
 * was told. Nothing outside of a request.
 */
function requestFields(): Record<string, string> {
  const trace = currentTrace();
  return trace ? traceFields(trace) : {};
}

/** The fields that join a line to the request of `trace`. */
export function traceFields({ context, requestId }: RequestTrace): Record<string, string> {
  const { traceId, spanId, sampled } = context;
  return { trace_id: traceId, span_id: spanId, trace_flags: sampled ? '01' : '00', requestId };
}

/** Most bytes of unwritten lines; they are tried again with the next line. */
const UNWRITTEN_BYTES_MAX = 64 * 1024;

/**
 * Writes at once: pino would flush the rest when the process exits, and on a full disk that never ends. Errors of
 * writing are ignored, since there is nowhere else to report them.
 */
function standardOutput(): DestinationStream {
  const ignore = (): void => undefined;
  process.stdout.on('error', ignore); // for what is printed beside the log
  return pino.destination({ dest: 1, sync: true, maxLength: UNWRITTEN_BYTES_MAX }).on('error', ignore);
}

/** Takes Nest's own messages; its start-up messages are for debugging only. */
export function nestLogger(log: Log): LoggerService {
  const at =
    (level: Level) =>
    (message: unknown, ...rest: unknown[]): void =>
      typeof message === 'object' && message !== null
        ? log[level]({ context: rest.at(-1), ...message })
        : log[level]({ context: rest.at(-1) }, String(message));
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('trace'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
