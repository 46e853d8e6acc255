import { useEffect, useRef, useSyncExternalStore, type PointerEventHandler } from 'react';
import { queryClient } from '../api/query-client.js';
import { LiveUpdates, type LiveState } from './live-store.js';

const updates = new LiveUpdates(queryClient);

/** Keeps all queries up to date while the frame is there. */
export function useLiveUpdates(): void {
  useEffect(() => updates.start(), []);
}

/** Whether what is shown is live, polled, or held because the pointer is on it, and how much waits. */
export function useLiveState(): { state: LiveState; waitingCount: number } {
  const state = useSyncExternalStore(updates.subscribe, () => updates.state);
  const waitingCount = useSyncExternalStore(updates.subscribe, () => updates.waitingCount);
  return { state, waitingCount };
}

/**
 * Handlers for something that must not move while the pointer is on it: changes wait meanwhile.
 *
 * @example <tbody {...useHold()}>…</tbody>
 */
export function useHold(): { onPointerEnter: PointerEventHandler; onPointerLeave: PointerEventHandler } {
  const release = useRef<() => void>(undefined);
  useEffect(() => () => release.current?.(), []);
  return {
    onPointerEnter: ({ pointerType }) => {
      // A finger leaves nothing under it.
      if (pointerType !== 'touch') release.current ??= updates.hold();
    },
    onPointerLeave: () => {
      release.current?.();
      release.current = undefined;
    },
  };
}
