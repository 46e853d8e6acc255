import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { main, StepFailed } from './ensure.mjs';
import { root, run, say } from './process.mjs';

/**
 * `node tools/try-packed.mjs`: packs the service, lets npm install it in a folder of its own, as somebody elsewhere
 * would, and calls both of its commands there. It takes minutes and asks the registry, so it is no test;
 * test/e2e/packed.spec.ts tries the same without npm.
 */
await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cas-try-packed-'));
  try {
    await step(['pack', '--pack-destination', folder], root);
    const [packed] = readdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    await step(['install', '--no-audit', '--no-fund', '--loglevel=error', `./${packed}`], folder);
    const copies = readdirSync(join(folder, 'node_modules')).filter((name) => name.startsWith('better-sqlite3'));
    if (copies.length !== 1) throw new StepFailed(`npm installed ${copies.join(' and ')}; one was expected.`, 1);
    await step(['exec', '--no', '--', 'cas', 'auth', 'token', 'create', 'ci'], folder);
    await step(['exec', '--no', '--', 'clip-as-service', '--help'], folder);
    say('The packed service works.');
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function step(args, cwd) {
  say(`npm ${args.join(' ')}`);
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const code = await run('npm', args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (code !== 0) throw new StepFailed(`npm ${args[0]} failed; its messages are above.`, code);
}
