import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { installationFolder } from '#core';

const built = (path: string) => JSON.stringify(pathToFileURL(join(installationFolder(), 'dist', path)));

it('a process of ours names the lines of the sources in its stacks', async () => {
  const script = `
    const { requireNode } = await import(${built('apps/node-version.js')});
    requireNode();
    const { parseDevice } = await import(${built('libs/inference/src/devices/placement.js')});
    try { parseDevice('none'); } catch (error) { console.log(error.stack); }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toContain(join('libs', 'inference', 'src', 'devices', 'placement.ts'));
});
