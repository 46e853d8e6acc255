import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { createLog } from '#telemetry';
import { StopOnSignal, type Stoppable } from './stop-on-signal.js';

const GRACE_MS = 20_000;
const log = createLog({ level: 'silent', format: 'json' });
const never = () => new Promise<void>(() => undefined);

let clock: ManualClock;
let seen: string[];
let signals: StopOnSignal;
beforeEach(() => {
  clock = new ManualClock();
  seen = [];
  signals = new StopOnSignal({ log, clock, exit: (code) => seen.push(`exit ${code}`) });
});

function step(name: string) {
  return () => {
    seen.push(name);
    return Promise.resolve();
  };
}

function runs(changes: Partial<Stoppable> = {}): void {
  const beforeStop = () => void seen.push('not ready');
  signals.finishFirst({ graceMs: GRACE_MS, beforeStop, finish: step('finish'), save: step('save'), ...changes });
}

/** Lets time pass, and what waits for it go on. */
async function after(ms: number): Promise<string[]> {
  await turn();
  clock.advance(ms);
  await turn();
  return seen;
}

describe('a signal to stop', () => {
  it('says not ready, finishes, saves and exits with 0', async () => {
    runs();
    signals.onSignal('SIGTERM');
    expect(await after(0)).toEqual(['not ready', 'finish', 'save', 'exit 0']);
  });

  it('ends a process that still starts, with 0', () => {
    signals.onSignal('SIGTERM');
    expect(seen).toEqual(['exit 0']);
  });

  it('that comes twice within a second, as Ctrl-C under npm does, counts once', async () => {
    runs({ finish: never });
    signals.onSignal('SIGINT');
    await after(900);
    signals.onSignal('SIGINT');
    expect(seen).toEqual(['not ready']);
  });

  it('that comes again later ends the process at once', async () => {
    runs({ finish: never });
    signals.onSignal('SIGINT');
    await after(1_000);
    signals.onSignal('SIGINT');
    expect(seen).toEqual(['not ready', 'exit 1']);
  });

  it('saves also when what is in flight has not finished at the end of the grace time', async () => {
    runs({ finish: never });
    signals.onSignal('SIGTERM');
    expect(await after(GRACE_MS)).toEqual(['not ready']);
    expect(await after(1_000)).toEqual(['not ready', 'save', 'exit 0']);
  });

  it('waits for what the end of the grace time cut off before it saves', async () => {
    const cut = Promise.withResolvers<void>();
    runs({ finish: () => cut.promise });
    signals.onSignal('SIGTERM');
    await after(GRACE_MS);
    cut.resolve();
    expect(await after(0)).toEqual(['not ready', 'save', 'exit 0']);
  });

  it('gives up saving after two seconds, so that a database that hangs keeps no process alive', async () => {
    runs({ save: never });
    signals.onSignal('SIGTERM');
    expect(await after(2_000)).toEqual(['not ready', 'finish', 'exit 0']);
  });

  it('saves also when taking down failed, and exits with 1', async () => {
    runs({ finish: () => Promise.reject(new Error('no')) });
    signals.onSignal('SIGTERM');
    expect(await after(0)).toEqual(['not ready', 'save', 'exit 1']);
  });
});
