import { useEffect, useEffectEvent } from 'react';
import { SEQUENCE_MS_MAX, type ShortcutId, shortcutOf, takesKeys } from './shortcuts.js';

const listeners = new Map<ShortcutId, (() => void)[]>();

/**
 * Calls `onPressed` when the keys of the shortcut are pressed outside of text fields. Of several listeners for one
 * shortcut the newest hears it: a list in a window over the page goes before the list below.
 *
 * @example useShortcut('search', () => input.current?.focus());
 */
export function useShortcut(id: ShortcutId, onPressed: () => void, isActive = true): void {
  const listener = useEffectEvent(onPressed);
  useEffect(() => {
    if (!isActive) return;
    const own = () => listener();
    listeners.set(id, [...(listeners.get(id) ?? []), own]);
    return () => {
      listeners.set(
        id,
        (listeners.get(id) ?? []).filter((other) => other !== own),
      );
    };
  }, [id, isActive]);
}

/** Listens to the keyboard for all shortcuts; once, in the frame. */
export function useKeyboard(): void {
  useEffect(() => {
    let before: { key: string; atMs: number } | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const isFree = !takesKeys(event.target) || event.ctrlKey || event.metaKey;
      const last = before && event.timeStamp - before.atMs <= SEQUENCE_MS_MAX ? before.key : undefined;
      before = { key: event.key, atMs: event.timeStamp };
      const shortcut = isFree ? shortcutOf(event, last) : undefined;
      const heard = shortcut && listeners.get(shortcut.id)?.at(-1);
      if (!heard || isOfControl(event)) return;
      event.preventDefault();
      before = undefined;
      heard();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Enter on a button or link is that button's or link's. */
function isOfControl({ key, target }: KeyboardEvent): boolean {
  return key === 'Enter' && target instanceof Element && target.closest('a, button, summary, [role="button"]') !== null;
}
