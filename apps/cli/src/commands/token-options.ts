import { Option, type Command } from 'commander';
import { INFERENCE_SCOPES, SCOPES, USAGE_LIMIT_NAMES, type UsageLimits } from '#core';
import { collected, wholeNumber, wholeNumberOrNone } from './option-values.js';

/** The options of create and update, as commander parses them. */
export interface RightsOptions extends Partial<Record<keyof UsageLimits, number | 'none'>> {
  readonly scope?: readonly string[];
  readonly model?: readonly string[];
}

/** Adds `--scope`, `--model` and the limits; for a token that exists, `none` removes a limit. */
export function addRightsOptions(command: Command, { isNew }: { readonly isNew: boolean }): Command {
  const count = isNew ? wholeNumber : wholeNumberOrNone;
  const shown = isNew ? '<n>' : '<n|none>';
  const defaults = isNew ? ` Default: ${INFERENCE_SCOPES.join(', ')}.` : '';
  return command
    .addOption(
      new Option(
        '--scope <scopes>',
        `What it may do: ${SCOPES.join(', ')}. Repeat it, or use commas.${defaults}`,
      ).argParser(collected),
    )
    .addOption(
      new Option('--model <models>', 'Models it may use. Repeat it, or use commas. Left out: every model.').argParser(
        collected,
      ),
    )
    .option(`--requests-per-minute ${shown}`, 'Most requests a minute.', count)
    .option(`--items-per-day ${shown}`, 'Most texts and images a day (UTC).', count)
    .option(`--items-in-flight ${shown}`, 'Most texts and images at a time.', count);
}

/** The limits after the options are applied to `current`. */
export function limitsOf(options: RightsOptions, current: UsageLimits = {}): UsageLimits {
  const entries = USAGE_LIMIT_NAMES.flatMap((name) => {
    const value = options[name] === undefined ? current[name] : options[name];
    return value === undefined || value === 'none' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether the options set a limit. */
export function hasLimits(options: RightsOptions): boolean {
  return USAGE_LIMIT_NAMES.some((name) => options[name] !== undefined);
}
