import { Option, type Command } from 'commander';
import type { FoundTraces, TracedRequest, TraceSummary } from '../backend/access-backend.js';
import type { CommandTools } from '../command-tools.js';
import { formatMs, traceTree } from '../terminal/trace-tree.js';
import { table, toIso } from '../terminal/table.js';
import { findToken } from './find-token.js';
import { instant, lastInstant, wholeNumber } from './option-values.js';

interface TraceOptions {
  readonly model?: string;
  readonly operation?: string;
  readonly protocol?: string;
  readonly outcome?: string;
  readonly token?: string;
  readonly slowerThan?: number;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

/** `cas traces` and `cas trace ID`: what requests did. */
export function addTraceCommands(program: Command, tools: CommandTools): void {
  const list = program
    .command('traces')
    .description('Shows finished requests whose traces were kept, the newest first')
    .option('--model <model>', 'Of this model only')
    .option('--operation <name>', 'Such as embeddings, encode or rank')
    .addOption(new Option('--protocol <name>', 'How they came').choices(['grpc', 'http', 'websocket']))
    .option('--outcome <word>', 'How they ended: ok, failed (every one but ok), or an error code')
    .option('--token <token>', 'Of this token only: its name, id or public part')
    .option('--slower-than <ms>', 'Only what took more milliseconds', wholeNumber)
    .option('--from <time>', 'The first day or time (UTC)', instant)
    .option('--to <time>', 'The last day or time (UTC)', lastInstant)
    .option('--limit <count>', 'Most requests', wholeNumber, 20);
  list.action(async () => {
    const { token, slowerThan, from, to, ...same } = tools.optionsOf<TraceOptions>(list);
    const { model, operation, protocol, outcome, limit } = same;
    const found = await tools.onBackend(list, async (backend) =>
      backend.traces({
        ...{ model, operation, protocol, outcome, limit, slowerThanMs: slowerThan, fromMs: from, toMs: to },
        tokenId: token === undefined ? undefined : (await findToken(backend, token)).id,
      }),
    );
    if (found.traces.length === 0) tools.say(list, nothingFound('No request like that was kept.', found));
    tools.answer(list, {
      json: { traces: found.traces.map(requestJson), notAsked: found.notAsked },
      text: found.traces.length === 0 ? '' : traceTable(found.traces),
    });
  });

  const one = program
    .command('trace')
    .description('Shows what one request did, as a tree of its parts with their times')
    .argument('<id>', 'Its request id (x-request-id of the answer) or its trace id');
  one.action(async (id: string) => {
    const found = await tools.onBackend(one, (backend) => backend.trace(id));
    tools.answer(one, {
      json: { traces: found.traces.map(requestJson), notAsked: found.notAsked },
      text: found.traces.map(formatRequest).join('\n'),
    });
  });
}

function requestJson({ startedAtMs, ...request }: TraceSummary): Record<string, unknown> {
  return { started: toIso(startedAtMs), ...request };
}

/** What was not found, and where it might be. */
function nothingFound(text: string, { notAsked }: FoundTraces<TraceSummary>): string {
  return [text, ...notAsked].join('\n');
}

function traceTable(traces: readonly TraceSummary[]): string {
  return table(
    ['BEGAN', 'TOOK', 'OUTCOME', 'PROTOCOL', 'OPERATION', 'MODEL', 'ITEMS', 'TOKEN', 'REQUEST'],
    traces.map((trace) => [
      ...[toIso(trace.startedAtMs) ?? '', formatMs(trace.durationMs), trace.outcome, trace.protocol, trace.operation],
      ...[trace.model ?? '', String(trace.items), trace.tokenName ?? trace.tokenId, trace.requestId],
    ]),
  );
}

function formatRequest(request: TracedRequest): string {
  const { operation, protocol, model, outcome, durationMs, items, pod, kept } = request;
  const what = `${operation} over ${protocol}${model === null ? '' : ` on ${model}`}`;
  const heading = [
    `request ${request.requestId}, trace ${request.traceId}`,
    `${what}: ${outcome} after ${formatMs(durationMs)}`,
    `${items} items, served by ${pod} at ${toIso(request.startedAtMs) ?? ''}, kept: ${kept}`,
  ];
  return `${table(
    ['REQUEST'],
    heading.map((line) => [line]),
  ).replace(/^REQUEST *\n/, '')}\n${traceTree(request)}`;
}
