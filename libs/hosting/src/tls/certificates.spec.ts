import { describe, expect, it } from 'vitest';
import { Terminal } from './certificates.js';

describe('the terminal of a process', () => {
  it('is closed once a descriptor that was a terminal is none any more, whichever one', () => {
    const terminals = new Set([2]); // npm start < /dev/null > cas.log
    const terminal = new Terminal((descriptor) => terminals.has(descriptor));
    expect(terminal.isClosed()).toBe(false);
    terminals.clear();
    expect(terminal.isClosed()).toBe(true);
  });

  it('is never closed where there was none', () => {
    expect(new Terminal(() => false).isClosed()).toBe(false);
  });
});
