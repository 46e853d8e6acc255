import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installationFolder, packageVersion } from './folders.js';

it('the installation is the folder of package.json, with what the build does not copy', () => {
  for (const name of ['package.json', 'proto/jina/jina.proto', 'models/mini-clip']) {
    expect(existsSync(join(installationFolder(), name))).toBe(true);
  }
});

it('the version is that of package.json', () => {
  const manifest = readFileSync(join(installationFolder(), 'package.json'), 'utf8');
  expect(manifest).toContain(`"version": ${JSON.stringify(packageVersion())}`);
});
