import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';
import { codeSpans, pages, readPage } from './support/markdown.js';

const FILES = globSync('{apps,k8s,libs,test,tools,proto,models}/**', {
  cwd: repositoryRoot,
  exclude: ['**/node_modules'],
}).map((path) => path.replaceAll('\\', '/'));

describe('the files and folders that a page names', () => {
  it.each(pages())('exist: %s', (page) => {
    const text = readPage(page);
    const named = [...codeSpans(text).filter(isFile), ...pathsIn(text)];
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });
});

describe('the files and folders that a comment or a message names', () => {
  it('exist', () => {
    const sources = globSync('{apps,libs,migrations,tools}/**/*.{ts,mjs}', { cwd: repositoryRoot });
    const missing = sources
      .filter((file) => !file.endsWith('.spec.ts'))
      .flatMap((file) =>
        pathsIn(readFileSync(join(repositoryRoot, file), 'utf8'))
          .filter((name) => !exists(name))
          .map((name) => `${file}: ${name}`),
      );
    expect(missing).toEqual([]);
  });
});

/** A source or document of ours: what else a span may hold is a setting, a call or a message. */
function isFile(span: string): boolean {
  return /^[\w./-]+\.(ts|mjs|proto|py)$/.test(span) && !span.startsWith('dist/') && !THEIRS.includes(span);
}

/** Names of the Python server's own files. */
const THEIRS = ['clip.py'];

/** What begins with one of our folders, patterns too, or is a page. */
function pathsIn(text: string): string[] {
  return [
    ...text.matchAll(/(?<![\w./{}$-])(?:apps|k8s|libs|migrations|test|tools)\/[\w./*-]*[\w/*]/g),
    ...text.matchAll(/(?<![\w./{}$-])docs\/[\w./-]*\.md/g),
  ].map(([name]) => name);
}

function exists(name: string): boolean {
  return FILES.some((file) => file === name || file.endsWith(`/${name}`)) || globSync(name, ROOT).length > 0;
}

const ROOT = { cwd: repositoryRoot };
