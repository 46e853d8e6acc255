import type { DesiredModel } from './queries.js';

/** `2 replicas on cuda:0, cuda:1`, as plans word it. */
export function replicasText({ replicas, devices }: Pick<DesiredModel, 'replicas' | 'devices'>): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'} on ${devices.join(', ')}`;
}

/** The limits that a model has of its own; empty when it has none. */
export function limitsText({ batchItemsMax, rssBytesMax }: DesiredModel): string {
  return [
    batchItemsMax !== undefined && `at most ${batchItemsMax} items a run`,
    rssBytesMax !== undefined && `at most ${Math.ceil(rssBytesMax / 1e6)} MB a replica`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** A size as the catalogue and the hub count it: powers of 1000, `608 MB`. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}
