import type { FastifyReply } from 'fastify';
import type { ItemResult } from '#core';

/** Tells where the time of the slowest item went (W3C Server-Timing; browsers show it by themselves). */
export function setServerTiming(res: FastifyReply, results: readonly ItemResult[]): void {
  const timings = results.flatMap((result) => (result.ok ? [result.timing] : []));
  if (timings.length === 0) return;
  const slowest = (pick: (timing: (typeof timings)[number]) => number): string =>
    timings.reduce((most, timing) => Math.max(most, pick(timing)), 0).toFixed(2);
  const parts = [
    `queue;dur=${slowest((timing) => timing.queueMs)}`,
    `prepare;dur=${slowest((timing) => timing.prepareMs)}`,
    `run;dur=${slowest((timing) => timing.runMs)}`,
  ];
  res.header('server-timing', parts.join(', '));
}
