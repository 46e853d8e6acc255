import type { Tone } from '../../ui/status.js';
import type { Pod, Replica } from './pods-query.js';

/** How a replica's state is shown. */
export const REPLICA_STATES: Readonly<Record<Replica['state'], { readonly tone: Tone; readonly word: string }>> = {
  starting: { tone: 'note', word: 'Starting' },
  ready: { tone: 'good', word: 'Ready' },
  restarting: { tone: 'warning', word: 'Restarting' },
  failed: { tone: 'problem', word: 'Failed' },
  stopping: { tone: 'neutral', word: 'Draining' },
  stopped: { tone: 'neutral', word: 'Stopped' },
};

/** How a pod is shown: by whether it answers, then by what it says. */
export function podState({ answers, process }: Pod): { readonly tone: Tone; readonly word: string } {
  if (!answers) return { tone: 'problem', word: 'Does not answer' };
  switch (process?.state) {
    case 'ready':
      return { tone: 'good', word: 'Ready' };
    case 'not_ready':
      return { tone: 'warning', word: 'Not ready' };
    case 'stopping':
      return { tone: 'neutral', word: 'Stopping' };
    default:
      return { tone: 'note', word: 'Starting' };
  }
}

/** Why a batch left the queue when it did, in a sentence. */
export function whyItLeft(reason: string | null): string {
  switch (reason) {
    case 'full':
      return 'It was full.';
    case 'idle_replica':
      return 'A replica was idle, so nothing waited for more.';
    case 'waited':
      return 'It was as large as what the replica had in hand, to be prepared meanwhile.';
    case 'retry':
      return 'A replica died with its items; they are tried again.';
    case 'costly':
      return 'Its pictures take long to decode, so it runs beside the others.';
    default:
      return 'The replica died with it.';
  }
}

/** The same in two words, for tables. */
export function whyShort(reason: string | null): string {
  const words: Readonly<Record<string, string>> = {
    full: 'Full',
    idle_replica: 'Idle replica',
    waited: 'Prepared ahead',
    retry: 'Tried again',
    costly: 'Costly pictures',
  };
  return words[reason ?? ''] ?? 'Lost';
}

/** `3 texts`, `1 image`. */
export function itemsOf(tower: string, items: number): string {
  const one = tower === 'textual' ? 'text' : 'image';
  return `${items} ${one}${items === 1 ? '' : 's'}`;
}
