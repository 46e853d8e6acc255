import { PLACES } from './navigation.js';

/** What a shortcut does. Lists and pages listen for these by `useShortcut`. */
export type ShortcutId =
  'palette' | 'help' | 'search' | 'next-row' | 'previous-row' | 'open-row' | 'create' | 'refresh' | `go:${string}`;

/** A row of the table of shortcuts. */
export interface Shortcut {
  readonly id: ShortcutId;
  /** One key, or two that follow each other: `g t`. `Mod` is Command on a Mac and Control elsewhere. */
  readonly keys: string;
  readonly label: string;
  readonly group: 'Everywhere' | 'Lists' | 'Go to';
}

/** All shortcuts of the console: what is listened for, and what the help shows. */
export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'palette', keys: 'Mod+K', label: 'Open the command palette', group: 'Everywhere' },
  { id: 'help', keys: '?', label: 'Show the shortcuts', group: 'Everywhere' },
  { id: 'search', keys: '/', label: 'Search or filter on this page', group: 'Everywhere' },
  { id: 'create', keys: 'n', label: 'Make a new one: a token, an invitation', group: 'Everywhere' },
  { id: 'refresh', keys: '.', label: 'Read everything on this page anew', group: 'Everywhere' },
  { id: 'next-row', keys: 'j', label: 'Next row', group: 'Lists' },
  { id: 'previous-row', keys: 'k', label: 'Previous row', group: 'Lists' },
  { id: 'open-row', keys: 'Enter', label: 'Open the row', group: 'Lists' },
  ...PLACES.map(({ to, label, key }): Shortcut => ({ id: `go:${to}`, keys: `g ${key}`, label, group: 'Go to' })),
];

/** How long after the first key of two the second may come. */
export const SEQUENCE_MS_MAX = 1_000;

/** A key that was pressed, as far as shortcuts care. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The shortcut that `pressed` completes after `before`, the key just before it; undefined when it completes none. */
export function shortcutOf(pressed: Pressed, before: string | undefined): Shortcut | undefined {
  if (pressed.altKey) return undefined;
  if (pressed.ctrlKey || pressed.metaKey)
    return SHORTCUTS.find(({ keys }) => keys === `Mod+${pressed.key.toUpperCase()}`);
  const sequence = before === undefined ? undefined : SHORTCUTS.find(({ keys }) => keys === `${before} ${pressed.key}`);
  return sequence ?? SHORTCUTS.find(({ keys }) => keys === pressed.key);
}

/** Whether keys pressed there are text, or belong to the control: no shortcut is taken from them. */
export function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const control = target.closest('input, textarea, select, [contenteditable], [role="textbox"], [role="combobox"]');
  return (
    control !== null && !(control instanceof HTMLInputElement && ['checkbox', 'radio', 'button'].includes(control.type))
  );
}
