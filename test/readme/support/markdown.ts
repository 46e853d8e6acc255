import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/server.js';

/** A fenced code block: ` ```LANGUAGE `. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** Of its first fence, counted from 1. */
  readonly line: number;
}

/** A block that is run, with the answer that the page shows for it. */
export interface Snippet extends CodeBlock {
  readonly file: string;
  readonly shown: string | undefined;
}

/** Fences that are promises. What cannot run in a test (`npm start`, a cluster) stands under `console`, `yaml` … */
const RUN = new Set(['sh', 'python', 'ts']);
const ANSWERS = new Set(['json', 'text']);

/** Every page of ours, relative to the repository's root. */
export function pages(): string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: repositoryRoot })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

export function readPage(file: string): string {
  return readFileSync(join(repositoryRoot, file), 'utf8');
}

/** The blocks of `file` that are run. A `json` or `text` block that comes next in the page is the answer. */
export function snippetsOf(file: string): Snippet[] {
  const blocks = codeBlocks(readPage(file));
  return blocks.flatMap((block, index) => {
    if (!RUN.has(block.language)) return [];
    const next = blocks[index + 1];
    return [{ ...block, file, shown: next && ANSWERS.has(next.language) ? next.code : undefined }];
  });
}

function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^```(\w*)\s*$/.exec(text);
    if (!fence) open?.lines.push(text);
    else if (open) {
      blocks.push({ language: open.language, code: open.lines.join('\n'), line: open.line });
      open = undefined;
    } else open = { language: fence[1] ?? '', line: index + 1, lines: [] };
  }
  return blocks;
}

/**
 * Lines of a source that a page quotes: a `typescript` block whose first line names the file. `…` stands for lines left
 * out.
 */
export interface Excerpt {
  readonly file: string;
  /** Without the space around them. */
  readonly lines: readonly string[];
}

/** The excerpts of a page, those in lists among them. */
export function excerptsOf(markdown: string): Excerpt[] {
  const blocks = markdown.matchAll(/^ *```typescript\n *\/\/ (?<file>\S+)\n(?<code>[\s\S]*?)^ *```$/gm);
  return Array.from(blocks, ({ groups: { file = '', code = '' } = {} }) => ({
    file,
    lines: code
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }));
}

/** The targets of a page's links, without those in code. */
export function linkTargets(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```\s*$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** What stands in back-ticks outside of blocks. */
export function codeSpans(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```\s*$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

/** The anchors of a page's headings, as GitHub names them. */
export function anchorsOf(markdown: string): Set<string> {
  const prose = markdown.replace(/^```[\s\S]*?^```\s*$/gm, '');
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(headings.map(anchorOf));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
