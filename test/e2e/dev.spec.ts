import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { repositoryRoot } from '../support/server.js';

it('npm run dev compiles, serves, and ends with the service at a signal', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cas-data-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(repositoryRoot, 'tools/dev.mjs')], {
    cwd: repositoryRoot,
    env: {
      ...process.env,
      CAS_PORT: '0',
      CAS_OPS_PORT: '0',
      CAS_ADMIN_PORT: '0',
      CAS_DATA_DIR: dataDir,
      CAS_LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  let port: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    port ??= readyPort(line);
    if (port === undefined) continue;
    const response = await fetch(`http://127.0.0.1:${port}/v1/models`);
    expect(response.status).toBe(200);
    child.kill('SIGTERM');
    break;
  }
  child.stdout.resume();
  expect(port).toBeDefined();
  expect(await exited).toBe(0);
});

function readyPort(line: string): number | undefined {
  if (!line.includes('"opsPort"')) return undefined;
  const { port } = JSON.parse(line) as { port: number };
  return port;
}
