import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientReleases, pythonEnvironment, type PythonEnvironment } from '../interop/python-environments.js';
import { startServer, type RunningServer } from '../support/server.js';
import { pages, snippetsOf } from './support/markdown.js';
import { runSnippet } from './support/run-snippet.js';
import { differenceFrom } from './support/shown-answer.js';

/** A first run installs the client. */
const PREPARED_WITHIN_MS = 11 * 60_000;

let server: RunningServer;
/** With what `pip install clip-client` gives today. */
let environment: PythonEnvironment;

beforeAll(async () => {
  [server, environment] = await Promise.all([startServer(), pythonEnvironment(clientReleases.at(-1)!)]);
}, PREPARED_WITHIN_MS);

afterAll(async () => {
  await server?.stop();
});

describe.each(pages().filter((page) => snippetsOf(page).length > 0))('%s', (page) => {
  it.for(snippetsOf(page))('does what it shows: $language, line $line', async (snippet, ctx) => {
    if (snippet.language === 'python' && 'missing' in environment) return ctx.skip(environment.missing);
    const python = 'python' in environment ? environment.python : undefined;
    const actual = await runSnippet(snippet, server, python);
    expect(snippet.shown === undefined ? undefined : differenceFrom(snippet.shown, actual)).toBeUndefined();
  });
});

describe('README.md', () => {
  it('runs curl, Python and TypeScript', () => {
    const languages = new Set(snippetsOf('README.md').map((snippet) => snippet.language));
    expect(languages).toEqual(new Set(['sh', 'python', 'ts']));
  });

  it('shows an answer for everything that it runs', () => {
    expect(snippetsOf('README.md').filter((snippet) => snippet.shown === undefined)).toEqual([]);
  });
});
