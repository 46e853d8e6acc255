import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { ensureInstalled, main } from './ensure.mjs';
import { packageScript, pinnedNode, root, say, serviceEntry } from './process.mjs';
import { serviceFlags } from './service-flags.mjs';

/** At most one service at a time; restarts asked for while one is under way become one more. */
class RestartingService {
  #args;
  #child;
  #exited = Promise.resolve();
  #restarting = false;
  #again = false;
  #stopped = false;

  constructor(args) {
    this.#args = args;
  }

  async restart() {
    if (this.#restarting) {
      this.#again = true;
      return;
    }
    this.#restarting = true;
    do {
      this.#again = false;
      await this.#end();
      if (!this.#stopped) this.#begin();
    } while (this.#again);
    this.#restarting = false;
  }

  stop() {
    this.#stopped = true;
    return this.#end();
  }

  #begin() {
    const child = spawn(pinnedNode, [...serviceFlags, serviceEntry, ...this.#args], {
      cwd: root,
      stdio: 'inherit',
      detached: process.platform !== 'win32',
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code) => {
        if (this.#child === child) this.#child = undefined;
        if (code) say(`The service ended with exit code ${code}; it starts again after the next change.`);
        resolve();
      });
    });
  }

  #end() {
    this.#child?.kill('SIGTERM');
    return this.#exited;
  }
}

/** `npm run dev`: compiles on every change and restarts the service when the build has no errors. */
await main(async (args) => {
  await ensureInstalled({ dev: true });
  const service = new RestartingService(args);
  const tsc = packageScript('typescript', 'bin', 'tsc');
  const compiler = spawn(pinnedNode, [tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => compiler.kill('SIGTERM'));
  for await (const line of createInterface({ input: compiler.stdout })) {
    if (line.trim()) say(line);
    if (/Found 0 errors/.test(line)) service.restart();
  }
  await service.stop();
  return 0;
});
