import { durationOf, type Span, type Trace } from './spans.js';

/** A part that one or both of two requests have. */
export interface ComparedPart {
  readonly name: string;
  /** Its time in each of them, all parts of this name together; undefined where there is none. */
  readonly aMs: number | undefined;
  readonly bMs: number | undefined;
  /** How often it is there. */
  readonly counts: readonly [number, number];
}

/** Puts the parts of two requests side by side by their names, in the order of the first that has them. */
export function compareParts(a: Pick<Trace, 'spans'>, b: Pick<Trace, 'spans'>): ComparedPart[] {
  const [ofA, ofB] = [sums(a.spans.slice(1)), sums(b.spans.slice(1))];
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])];
  return names.map((name) => ({
    ...{ name, aMs: ofA.get(name)?.ms, bMs: ofB.get(name)?.ms },
    counts: [ofA.get(name)?.count ?? 0, ofB.get(name)?.count ?? 0],
  }));
}

/** What is known of a request beside its parts, by its name for people. */
export function factsOf(trace: Trace): readonly (readonly [name: string, value: string])[] {
  const { batchItems, batchItemsMax } = trace;
  return [
    ['Outcome', trace.outcome],
    ['Operation', trace.operation],
    ['Protocol', trace.protocol],
    ['Model', trace.model ?? '–'],
    ['Items', String(trace.items)],
    ['Token', trace.tokenName ?? trace.tokenId],
    ['Process', trace.pod],
    ['Replica', trace.replica ?? '–'],
    ['Device', trace.device ?? '–'],
    [
      'Items of its batch',
      batchItems === null ? '–' : `${batchItems}${batchItemsMax === null ? '' : ` of ${batchItemsMax}`}`,
    ],
  ];
}

function sums(spans: readonly Span[]): Map<string, { ms: number; count: number }> {
  const found = new Map<string, { ms: number; count: number }>();
  for (const span of spans.toSorted((one, other) => one.startMs - other.startMs)) {
    const { ms, count } = found.get(span.name) ?? { ms: 0, count: 0 };
    found.set(span.name, { ms: ms + durationOf(span), count: count + 1 });
  }
  return found;
}
