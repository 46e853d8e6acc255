import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';
import { codeSpans, pages, readPage } from './support/markdown.js';

/** Pages that say where things are. Decisions are frozen, and files move. */
const MAPS = pages().filter((page) => !page.startsWith('docs/adr/'));

describe('the files that a page names', () => {
  const files = globSync('{apps,libs,test,tools,proto,models}/**', {
    cwd: repositoryRoot,
    exclude: ['**/node_modules'],
  }).map((path) => path.replaceAll('\\', '/'));

  it.each(MAPS)('exist: %s', (page) => {
    const named = codeSpans(readPage(page)).filter(isFile);
    expect(named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  });
});

/** A source or document of ours: what else a span may hold is a setting, a call or a message. */
function isFile(span: string): boolean {
  return /^[\w./-]+\.(ts|mjs|proto|py)$/.test(span) && !span.startsWith('dist/');
}
