import type { LoggerService } from '@nestjs/common';
import { pino, type Level, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  format: 'auto' | 'pretty' | 'json';
}

/** Whether people read the output: then it gets colours and the panel. */
export function isPrettyLog(format: LogOptions['format']): boolean {
  return format === 'pretty' || (format === 'auto' && process.stdout.isTTY);
}

/** The process's log, on standard output. Callers' texts, images and tokens never go in. */
export function createLog(options: LogOptions): Log {
  if (!isPrettyLog(options.format))
    return pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return pino(
    { level: options.level, base: null },
    pretty({ colorize: process.stdout.isTTY, translateTime: 'HH:MM:ss.l', sync: true }),
  );
}

/** What Nest itself has to say; its start-up chatter is for debugging only. */
export function nestLogger(log: Log): LoggerService {
  const at =
    (level: Level) =>
    (message: unknown, ...rest: unknown[]): void =>
      log[level]({ context: rest.at(-1) }, String(message));
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('trace'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
