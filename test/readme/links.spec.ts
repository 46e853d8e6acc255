import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';
import { anchorsOf, linkTargets, pages, readPage } from './support/markdown.js';

describe('links between the pages', () => {
  it.each(pages())('%s leads only to what exists', (page) => {
    expect(linkTargets(readPage(page)).filter((target) => !exists(page, target))).toEqual([]);
  });

  it('reach every page of docs/ from its table of contents', () => {
    const listed = [...reachableFrom('docs/README.md')];
    expect(pages().filter((page) => page.startsWith('docs/') && !listed.includes(page))).toEqual([]);
  });

  it('list every decision', () => {
    const decisions = globSync('docs/adr/[0-9]*.md', { cwd: repositoryRoot }).map((path) => path.split(/[\\/]/).at(-1));
    expect(linkTargets(readPage('docs/adr/README.md'))).toEqual(expect.arrayContaining(decisions));
  });
});

function exists(page: string, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return true;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(repositoryRoot, file))) return false;
  return anchor === undefined || anchorsOf(readPage(file)).has(anchor);
}

function reachableFrom(start: string): Set<string> {
  const seen = new Set([start]);
  for (const page of seen) {
    for (const target of linkTargets(readPage(page))) {
      const file = normalize(join(dirname(page), target.replace(/#.*$/, '')));
      if (file.endsWith('.md') && existsSync(join(repositoryRoot, file))) seen.add(file);
    }
  }
  return seen;
}
