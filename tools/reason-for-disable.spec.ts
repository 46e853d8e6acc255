import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { reasonForDisable } from './eslint/reason-for-disable.mjs';

function complaintsAbout(code: string): number {
  const plugins = { local: { rules: { reason: reasonForDisable } } };
  const linterOptions = { reportUnusedDisableDirectives: 'off' } as const;
  return new Linter().verify(code, [{ plugins, linterOptions, rules: { 'local/reason': 'error' } }]).length;
}

describe('reason-for-disable', () => {
  it.each([
    '// eslint-disable-next-line no-eval -- the input is ours',
    '/* eslint-disable no-eval -- generated */',
    '// fine',
  ])('accepts: %s', (comment) => {
    expect(complaintsAbout(comment)).toBe(0);
  });

  it.each(['/* eslint-disable */', '// eslint-disable-next-line no-eval', '// eslint-disable-line -- no rule named'])(
    'refuses: %s',
    (comment) => {
      expect(complaintsAbout(comment)).toBeGreaterThan(0);
    },
  );
});
