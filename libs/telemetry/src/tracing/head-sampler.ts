import type { SpanContext } from '#core';

/** The samplers of OTEL_TRACES_SAMPLER that are known here (OpenTelemetry, "General SDK Configuration"). */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** See SAMPLERS. */
export type SamplerName = (typeof SAMPLERS)[number];

/** Whether a request is recorded whatever becomes of it, as far as that is known when it begins. */
export type HeadSampler = (traceId: string, parent: SpanContext | undefined) => boolean;

/**
 * Makes the sampler of a name. `ratio` is the share of new traces, from 0 to 1, for those that take one. The
 * parent-based ones do what the caller's flag says, where there is a caller.
 *
 * @example const isSampled = headSampler('parentbased_traceidratio', 0.01)(traceId, undefined);
 */
export function headSampler(name: SamplerName, ratio: number): HeadSampler {
  const share = name.endsWith('always_on') ? 1 : name.endsWith('always_off') ? 0 : ratio;
  const isParentBased = name.startsWith('parentbased_');
  return (traceId, parent) => (isParentBased && parent ? parent.sampled : isInShare(traceId, share));
}

/** Values of the 56 random bits at the end of a trace id (W3C Trace Context Level 2, "Random Trace ID Flag"). */
const RANDOM_VALUES = 2 ** 56;

/**
 * The highest random values are taken, as OpenTelemetry's consistent probability sampling does: servers with one ratio
 * take the same traces.
 */
function isInShare(traceId: string, share: number): boolean {
  if (share >= 1) return true;
  return share > 0 && Number.parseInt(traceId.slice(-14), 16) >= (1 - share) * RANDOM_VALUES;
}
