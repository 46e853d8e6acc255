/* global fetch */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { ensureBuilt, ensureInstalled, main, StepFailed } from './ensure.mjs';
import { pinnedNode, root } from './process.mjs';

const SCHEMA = join(root, 'apps/console/src/api/schema.ts');
const HEAD = '// Made by `npm run console:api` from the document of the admin API. Do not edit.\n';

/** `npm run console:api`: writes the types of the console's API client, from the document of the built admin API. */
await main(async () => {
  await ensureInstalled({ dev: true });
  await ensureBuilt();
  const { astToString, default: typesOf } = await import('openapi-typescript');
  writeFileSync(SCHEMA, HEAD + astToString(await typesOf(await apiDocument(), { alphabetize: true })));
  return 0;
});

/** Asks an admin process on a fresh database. */
async function apiDocument() {
  const folder = mkdtempSync(join(tmpdir(), 'cas-console-api-'));
  const env = {
    CAS_ADMIN_PORT: '0',
    CAS_OPS_PORT: '0',
    CAS_DATA_DIR: folder,
    CAS_LOG_FORMAT: 'json',
    PATH: process.env.PATH,
  };
  const entry = join(root, 'dist/apps/admin/src/main.js');
  const admin = spawn(pinnedNode, [entry], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await portOf(admin);
    const answer = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    return await answer.json();
  } finally {
    admin.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function portOf(admin) {
  for await (const line of createInterface({ input: admin.stdout })) {
    const { msg, adminPort } = JSON.parse(line);
    if (msg === 'ready') return adminPort;
  }
  throw new StepFailed('The admin API did not start; its log is above.', 1);
}
