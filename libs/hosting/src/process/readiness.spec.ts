import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { Readiness } from './readiness.js';

type Registry = NonNullable<ReturnType<ConstructorParameters<typeof Readiness>[0]>>;

/** Models and whether each is ready. */
function registryOf(models: Record<string, boolean>): Registry {
  return { health: () => new Map(Object.entries(models).map(([name, ready]) => [name, { ready }])) };
}

describe('Readiness', () => {
  it('is not ready until the models are loaded, and says so', () => {
    const loaded: { registry?: Registry } = {};
    const readiness = new Readiness(() => loaded.registry);
    expect(readiness.now()).toEqual({ ready: false, reason: 'loading the model' });
    loaded.registry = registryOf({ a: true, b: true });
    expect(readiness.now()).toEqual({ ready: true });
  });

  it('names the default model when that keeps it from being ready', () => {
    const readiness = new Readiness(() => registryOf({ a: false, b: true }));
    expect(readiness.now()).toMatchObject({ ready: false, reason: expect.stringContaining('replica of a') });
  });

  it('stays ready when only another model is ill: the default one goes on being served', () => {
    expect(new Readiness(() => registryOf({ a: true, b: false })).now()).toEqual({ ready: true });
  });

  it('tells what is wrong with the database, without which models are served and nothing is administered', () => {
    const problem = () => 'The database cannot be reached.';
    expect(new Readiness(() => registryOf({ a: true }), problem).now()).toEqual({ ready: true, database: problem() });
    expect(new Readiness(() => registryOf({}), problem).now()).toEqual({ ready: false, reason: problem() });
  });

  it('is never ready again once the process stops', () => {
    const readiness = new Readiness(() => registryOf({ a: true }));
    readiness.stop();
    expect(readiness.now()).toEqual({ ready: false, reason: 'shutting down' });
  });

  it('tells a follower at once, then every half second, and no more after the end', () => {
    const clock = new ManualClock();
    const models = { a: false };
    const told: boolean[] = [];
    const end = new Readiness(() => registryOf(models)).follow(clock, (ready) => told.push(ready));
    expect(told).toEqual([false]);
    models.a = true;
    clock.advance(500);
    expect(told).toEqual([false, true]);
    end();
    clock.advance(5_000);
    expect(told).toEqual([false, true]);
  });
});
