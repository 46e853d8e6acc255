import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { commentWidth } from './eslint/comment-width.mjs';

function complaintsAbout(code: string): number {
  const plugins = { local: { rules: { width: commentWidth } } };
  const linterOptions = { reportUnusedDisableDirectives: 'off' } as const;
  return new Linter().verify(code, [{ plugins, linterOptions, rules: { 'local/width': 'error' } }]).length;
}

const words = (columns: number) => 'word '.repeat(columns).slice(0, columns - 1) + '.';

describe('comment-width', () => {
  it.each([
    `// ${words(117)}`,
    `/** ${words(113)} */`,
    `/**\n * ${words(117)}\n */`,
    `const text = '${words(200)}';`,
    `// https://example.com/${'long/'.repeat(30)}`,
    `// eslint-disable-next-line no-eval -- ${words(100)}`,
  ])('accepts: %s', (code) => {
    expect(complaintsAbout(code)).toBe(0);
  });

  it.each([
    `// ${words(118)}`,
    `/** ${words(114)} */`,
    `/**\n * ${words(118)}\n * short\n * ${words(118)}\n */`,
    `const width = 1; // ${words(101)}`,
  ])('refuses: %s', (code) => {
    expect(complaintsAbout(code)).toBe(code.split('\n').filter((line) => line.length > 120).length);
  });
});
