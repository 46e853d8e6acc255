import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';
import { excerptsOf, pages, readPage } from './support/markdown.js';

const WITH_EXCERPTS = pages().filter((page) => excerptsOf(readPage(page)).length > 0);

describe('the excerpts of our sources on a page', () => {
  it.each(WITH_EXCERPTS)('stand in their files in this order: %s', (page) => {
    const missing = excerptsOf(readPage(page)).map(({ file, lines }) => [file, firstMissing(file, lines)]);
    expect(missing.filter(([, line]) => line !== undefined)).toEqual([]);
  });

  it('are found where there are some', () => {
    expect(WITH_EXCERPTS).toContain('docs/where-changes-go.md');
  });
});

/**
 * The first of `lines` that does not come after those before it. After `…` it may come later, else it has to be the
 * next.
 */
function firstMissing(file: string, lines: readonly string[]): string | undefined {
  const source = trimmed(readFileSync(join(repositoryRoot, file), 'utf8'));
  let [at, isNear] = [0, false];
  for (const line of lines) {
    if (line === '…') {
      isNear = false;
      continue;
    }
    const found = source.indexOf(line, at);
    if (found < 0 || (isNear && found > at)) return line;
    [at, isNear] = [found + 1, true];
  }
  return undefined;
}

function trimmed(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}
