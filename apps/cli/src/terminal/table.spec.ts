import { describe, expect, it } from 'vitest';
import { toIso, table, formatTime } from './table.js';

describe('table', () => {
  it('lines columns up and leaves nothing at the end of lines', () => {
    expect(
      table(
        ['A', 'LONG', 'B'],
        [
          ['aaa', 'b', ''],
          ['a', 'bbbbb', 'c'],
        ],
      ),
    ).toBe('A    LONG   B\naaa  b\na    bbbbb  c\n');
  });

  it('lets nothing move the cursor', () => {
    expect(table(['A'], [['\u001b[2J\nx\u202e']])).toBe('A\n?[2J?x?\n');
  });

  it('tells times in UTC', () => {
    expect([formatTime(0, 'never'), formatTime(null, 'never')]).toEqual(['1970-01-01 00:00Z', 'never']);
    expect([toIso(0), toIso(null)]).toEqual(['1970-01-01T00:00:00.000Z', null]);
  });
});
