import { formatDuration } from '../../format/format.js';
import { criticalPath, timeOnPath } from './critical-path.js';
import { durationOf, numberOf, textOf, type Batch, type Span, type Trace } from './spans.js';

/** Where the time of a request went. */
export interface Cause {
  /** One sentence, or two. */
  readonly sentence: string;
  /** The spans that took most of it, by their ids. */
  readonly spanIds: readonly string[];
}

/**
 * Says in words which part of a request took the longest on its critical path, and why. `batch` is that of its longest
 * run, where it is known.
 */
export function whySlow({ spans }: Pick<Trace, 'spans'>, batch?: Batch): Cause | undefined {
  const [root] = spans;
  if (root === undefined) return undefined;
  const times = timeOnPath(criticalPath(spans));
  const parts = new Map<string, { ms: number; spans: Span[] }>();
  for (const span of spans) {
    const name = span === root ? '' : span.name;
    const part = parts.get(name) ?? { ms: 0, spans: [] };
    part.ms += times.get(span.spanId) ?? 0;
    part.spans.push(span);
    parts.set(name, part);
  }
  const [longest] = [...parts].sort(([, a], [, b]) => b.ms - a.ms);
  if (longest === undefined) return undefined;
  const [name, part] = longest;
  const ordered = part.spans.toSorted((a, b) => durationOf(b) - durationOf(a));
  const [span = root] = ordered;
  const total = `It took ${formatDuration(durationOf(root))}, ${formatDuration(part.ms)} of it`;
  const reason = (REASONS[name] ?? otherReason)(span, part.spans, batch);
  return {
    sentence: `${total} ${reason}`,
    spanIds: part.spans.filter(({ spanId }) => times.has(spanId)).map((one) => one.spanId),
  };
}

type Reason = (longest: Span, all: readonly Span[], batch: Batch | undefined) => string;

const otherReason: Reason = ({ name }) => `in “${name}”.`;

const REASONS: Readonly<Record<string, Reason>> = {
  '': () => 'between its parts: making items of the request, and writing the answer.',
  authenticate: () => 'finding out who calls: the database was slow to answer.',
  read: () => 'reading the body: its caller sent it slowly.',
  send: () => 'sending the answer, until its caller had taken it.',
  wait: () => 'waiting until the queue had room: this caller is slowed down instead of refused.',
  cache: () => 'waiting for the run of another request, which had the same text or image just then.',
  fetch: (span) => {
    const host = textOf(span, 'server.address') ?? 'its host';
    const waitMs = numberOf(span, 'clip.fetch.wait_ms') ?? 0;
    const turn = waitMs > durationOf(span) / 2 ? `, ${formatDuration(waitMs)} of that for its turn there` : '';
    return `fetching an image from ${host}${turn}.`;
  },
  queue: (span) =>
    numberOf(span, 'clip.replicas_ready') === 0
      ? 'in the queue while no replica was ready: the model was still being loaded, or its replicas had died.'
      : 'in the queue: all replicas were busy with other batches.',
  run: (span, all, batch) => {
    const died = all.find(({ error }) => error === 'replica_lost');
    const where = `${textOf(span, 'clip.replica') ?? 'a replica'} on ${textOf(span, 'clip.device') ?? 'its device'}`;
    const again = died ? ' A replica died with its batch, which was run again.' : '';
    return `${runOf(span, batch)} by ${where}.${again}`;
  },
};

function runOf(span: Span, batch: Batch | undefined): string {
  const [own, items] = [numberOf(span, 'clip.items'), numberOf(span, 'clip.batch.items')];
  const size = items === undefined ? 'in a batch' : `in a batch of ${counted(items)}`;
  const share = own === undefined || items === undefined || own === items ? '' : `, ${own} of them its own,`;
  const [prepare, run] = ['prepare', 'run'].map((name) => batch?.spans.find((part) => part.name === name));
  if (!prepare || !run) return `${size}${share}`;
  const verb = batch?.tower === 'visual' ? 'decoding images' : 'cutting texts into tokens';
  return durationOf(prepare) > durationOf(run)
    ? `${size}${share} mostly for ${verb} (${formatDuration(durationOf(prepare))}),`
    : `${size}${share} mostly for the model itself (${formatDuration(durationOf(run))}),`;
}

function counted(items: number): string {
  return `${items} ${items === 1 ? 'item' : 'items'}`;
}
