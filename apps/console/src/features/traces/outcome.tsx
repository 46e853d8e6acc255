import type { ReactNode } from 'react';
import { Status, type Tone } from '../../ui/status.js';

/** Outcomes that are a fault of the service; all others are the caller's doing. */
const FAULTS = new Set([
  ...['queue_full', 'replica_lost', 'deadline_exceeded', 'shutting_down', 'unavailable', 'unimplemented', 'internal'],
]);

/** How a request ended, as a sign and a word. */
export function Outcome({ outcome }: { readonly outcome: string }): ReactNode {
  return <Status tone={toneOf(outcome)}>{outcome}</Status>;
}

function toneOf(outcome: string): Tone {
  if (outcome === 'ok') return 'good';
  return FAULTS.has(outcome) ? 'problem' : 'warning';
}
