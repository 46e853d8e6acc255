import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot, type RunningServer } from '../../support/server.js';
import type { Snippet } from './markdown.js';

const run = promisify(execFile);
const SNIPPET_MS_MAX = 45_000;

/**
 * Runs a snippet in the repository's root, as a reader would, but against `server` instead of the usual ports. Resolves
 * with what it printed; rejects with its messages when it fails.
 */
export async function runSnippet(snippet: Snippet, server: RunningServer, python?: string): Promise<string> {
  const code = snippet.code.replaceAll(/\b51000\b/g, `${server.port}`).replaceAll(/\b9090\b/g, `${server.opsPort}`);
  const [command, ...args] = commandOf({ ...snippet, code }, python);
  const { stdout } = await run(command, args, {
    cwd: repositoryRoot,
    timeout: SNIPPET_MS_MAX,
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', PYTHONWARNINGS: 'ignore', NO_VERSION_CHECK: '1', JINA_HIDE_SURVEY: '1' },
  });
  return stdout;
}

function commandOf(snippet: Snippet, python: string | undefined): [command: string, ...args: string[]] {
  switch (snippet.language) {
    case 'sh':
      return ['bash', '-euo', 'pipefail', '-c', snippet.code];
    case 'python':
      if (python === undefined) throw new Error('A Python snippet needs a Python.');
      return [python, '-c', snippet.code];
    default:
      return [process.execPath, '--disable-warning=ExperimentalWarning', writeModule(snippet)];
  }
}

/** Inside the repository, so that packages are found. */
function writeModule({ file, line, code }: Snippet): string {
  const folder = join(repositoryRoot, '.cache', 'readme');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${file.replaceAll(/[^a-z]+/gi, '-')}-${line}.mts`);
  writeFileSync(path, code);
  return path;
}
