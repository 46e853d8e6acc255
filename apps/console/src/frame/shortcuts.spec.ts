import { describe, expect, it } from 'vitest';
import { SHORTCUTS, shortcutOf } from './shortcuts.js';

const plain = { ctrlKey: false, metaKey: false, altKey: false };

describe('the table of shortcuts', () => {
  it('gives no keys two meanings', () => {
    const keys = SHORTCUTS.map((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
    const firsts = new Set(keys.filter((one) => one.includes(' ')).map((one) => one.split(' ')[0]));
    expect(keys.filter((one) => firsts.has(one))).toEqual([]);
  });

  it('knows keys that follow each other, with Control or Command, and alone', () => {
    expect(shortcutOf({ ...plain, key: 't' }, 'g')?.id).toBe('go:/tokens');
    expect(shortcutOf({ ...plain, key: 'j' }, undefined)?.id).toBe('next-row');
    expect(shortcutOf({ ...plain, key: 'k', ctrlKey: true }, undefined)?.id).toBe('palette');
    expect(shortcutOf({ ...plain, key: 'k', metaKey: true }, undefined)?.id).toBe('palette');
  });

  it('leaves other keys to the browser', () => {
    expect(shortcutOf({ ...plain, key: 'j', altKey: true }, undefined)).toBeUndefined();
    expect(shortcutOf({ ...plain, key: 'r', ctrlKey: true }, undefined)).toBeUndefined();
    expect(shortcutOf({ ...plain, key: 't' }, undefined)).toBeUndefined();
  });
});
