import { Argument, type Command, InvalidArgumentError } from 'commander';
import { LEVEL_SECONDS, LEVEL_SECONDS_MAX, LOG_LEVELS, type LogLevel } from '#core';
import type { LogLevelChange } from '#telemetry';
import type { CommandTools } from '../command-tools.js';
import { toIso } from '../terminal/table.js';
import { duration } from './option-values.js';

/** `cas log-level`: what all processes log, for a while. */
export function addLogLevelCommand(program: Command, tools: CommandTools): void {
  const command = program
    .command('log-level')
    .description('Shows what the service logs, or changes it in all of its processes for a while')
    .addArgument(
      new Argument('[level]', 'The least severe line; "settings" ends a change').choices([...LOG_LEVELS, 'settings']),
    )
    .option(
      '--for <time>',
      'How long, such as 90s, 30m or 24h, a day at most. Default: 15m',
      upToADay,
      LEVEL_SECONDS * 1000,
    );
  command.action(async (asked?: LogLevel | 'settings') => {
    const { for: forMs } = tools.optionsOf<{ for: number }>(command);
    const change = await tools.onBackend(command, async (backend) => {
      if (asked === 'settings') await backend.resetLogLevel();
      else if (asked !== undefined) await backend.setLogLevel(asked, forMs / 1000);
      return backend.logLevel();
    });
    tools.answer(command, { json: jsonOf(change), text: textOf(change) });
  });
}

function upToADay(text: string): number {
  const ms = duration(text);
  if (ms >= 1_000 && ms <= LEVEL_SECONDS_MAX * 1000) return ms;
  throw new InvalidArgumentError('It must be a time from 1s to 24h.');
}

function jsonOf(change: LogLevelChange | undefined): { level: LogLevel | null; until: string | null } {
  return change ? { level: change.level, until: toIso(change.untilMs) } : { level: null, until: null };
}

function textOf(change: LogLevelChange | undefined): string {
  if (!change) return 'Every process logs as its settings say.';
  return `Every process logs from ${change.level} on, until ${toIso(change.untilMs)}.`;
}
