import { Option, type Command } from 'commander';
import { DomainError } from '#core';
import type { UsageQuery } from '#metering';
import type { TokenUse } from '../backend/access-backend.js';
import type { CommandTools } from '../command-tools.js';
import { toIso, table, formatTime } from '../terminal/table.js';
import { findToken } from './find-token.js';
import { instant, lastInstant } from './option-values.js';

const DAYS_SHOWN_MS = 30 * 86_400_000;
const PERIODS: readonly UsageQuery['by'][] = ['total', 'day', 'hour'];

interface UsageOptions {
  readonly from?: number;
  readonly to?: number;
  readonly by: UsageQuery['by'];
  readonly token?: string;
  readonly model?: string;
}

/** `cas usage`: requests and items of each token and model. */
export function addUsageCommand(program: Command, tools: CommandTools): void {
  const usage = program
    .command('usage')
    .description('Shows how many requests and items each token asked of each model')
    .option('--from <time>', 'The first day or time (UTC). Default: 30 days before the end', instant)
    .option('--to <time>', 'The last day or time (UTC). Default: now', lastInstant)
    .addOption(new Option('--by <period>', 'What a row sums up').choices(PERIODS).default('total'))
    .option('--token <token>', 'Of this token only: its name, id or public part')
    .option('--model <model>', 'Of this model only');
  usage.action(async () => {
    const options = tools.optionsOf<UsageOptions>(usage);
    const span = spanOf(options, Date.now());
    const uses = await tools.onBackend(usage, async (backend) => {
      const { by, model, token } = options;
      const tokenId = token === undefined ? undefined : (await findToken(backend, token)).id;
      return backend.usage({
        ...span,
        by,
        ...(model === undefined ? {} : { model }),
        ...(tokenId === undefined ? {} : { tokenId }),
      });
    });
    if (uses.length === 0) tools.say(usage, `Nothing was asked for between ${formatSpan(span)}.`);
    tools.answer(usage, {
      json: { from: toIso(span.fromMs), to: toIso(span.toMs), rows: uses.map(useJson) },
      text: uses.length === 0 ? '' : usageTable(uses, options.by),
    });
  });
}

/** The span of the options. @throws DomainError `invalid_argument` when it ends before it begins */
function spanOf({ from, to }: UsageOptions, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = to ?? nowMs;
  const fromMs = from ?? toMs - DAYS_SHOWN_MS;
  if (fromMs < toMs) return { fromMs, toMs };
  throw new DomainError(
    'invalid_argument',
    `--from must be before --to: ${formatSpan({ fromMs, toMs })} leave nothing between them.`,
  );
}

function formatSpan({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): string {
  return `${formatTime(fromMs, '')} and ${formatTime(toMs, '')}`;
}

function useJson({ startMs, ...use }: TokenUse): Record<string, unknown> {
  return { start: toIso(startMs), ...use };
}

function usageTable(uses: readonly TokenUse[], by: UsageQuery['by']): string {
  const begin = by === 'total' ? [] : [by.toUpperCase()];
  return table(
    [...begin, 'TOKEN', 'MODEL', 'REQUESTS', 'ITEMS', 'REFUSED'],
    uses.map(({ startMs, tokenId, tokenName, model, requests, items, refused }) => [
      ...(by === 'total' ? [] : [by === 'day' ? formatTime(startMs, '').slice(0, 10) : formatTime(startMs, '')]),
      ...[tokenName ?? tokenId, model, String(requests), String(items), String(refused)],
    ]),
  );
}
