import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';

const APPS = ['standalone', 'server', 'admin', 'cli'].map((app) => `dist/apps/${app}/src/main.js`);
const TOOLS = [['tools/cas.mjs'], ['tools/start.mjs'], ['-r', './tools/node-version.cjs', 'tools/start-command.mjs']];

/** Runs Node with these arguments in the repository, as if it were another version. */
function runAs(version: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', './test/e2e/support/as-another-node.cjs', ...args, '--help'],
    { cwd: repositoryRoot, env: { ...process.env, AS_NODE: version }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

const sentence = (version: string) =>
  new RegExp(`^[^\\n]* Node 2[\\d.]+ or newer, and this is Node ${version}\\. [^\\n]*\\n$`);

describe('a Node that is too old', () => {
  it.each(APPS)('ends %s with a sentence and 78', (app) => {
    for (const version of ['18.20.8', '22.20.0', '24.6.0']) {
      expect(runAs(version, [app])).toEqual({
        status: 78,
        stdout: '',
        stderr: expect.stringMatching(sentence(version)),
      });
    }
    expect(runAs('24.7.0', [app])).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(TOOLS)('ends the tools with a sentence and 78: %s', (...args) => {
    for (const version of ['12.22.9', '18.20.8']) {
      expect(runAs(version, args)).toEqual({
        status: 78,
        stdout: '',
        stderr: expect.stringMatching(sentence(version)),
      });
    }
    expect(runAs('20.0.0', args).status).toBe(0);
  });

  it('is told before anything is read that it cannot read: entries import nothing else, and scripts load the check first', () => {
    const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');
    const imports = (file: string) =>
      [...read(file).matchAll(/^import (?!\()[^']*'([^']+)';$/gm)].map(([, from]) => from);
    for (const app of APPS) expect(imports(app)).toEqual(['../../node-version.js']);
    expect(imports('dist/apps/node-version.js')).toEqual([]);
    for (const bin of ['cas', 'start']) expect(imports(`tools/${bin}.mjs`)).toEqual(['./node-version.cjs']);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const script of Object.values(scripts).filter((one) => one.includes('.mjs'))) {
      expect(script).toMatch(/^(exec )?node -r \.\/tools\/node-version\.cjs tools\//);
    }
  });
});
