import { describe, expect, it, vi } from 'vitest';
import { systemClock, type EncodeItem } from '#core';
import type { Encoded, PreparedBatch } from '#clip';
import { BatchRunner } from './batch-runner.js';
import type { FromReplica } from '../wire/messages-from-replica.js';
import { aText, flush, texts } from '../testing/builders.js';
import { ScriptedModel } from '../testing/scripted-model.js';

/** Notes what is done when, and runs a batch only when the test lets it. */
class GatedModel extends ScriptedModel {
  readonly events: string[] = [];
  private readonly gates: (() => void)[] = [];

  private hold: Promise<void> | undefined;

  /** Holds up the next `prepare` until the answer is called. */
  holdNext(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.hold = promise;
    return resolve;
  }

  override async prepare(items: readonly EncodeItem[]): Promise<PreparedBatch> {
    this.events.push(`prepare ${items.length}`);
    const { hold } = this;
    this.hold = undefined;
    await hold;
    return super.prepare(items);
  }

  override async run(batch: PreparedBatch): Promise<Encoded[]> {
    this.events.push(`run ${batch.size}`);
    await new Promise<void>((resolve) => this.gates.push(resolve));
    return super.run(batch);
  }

  /** Lets the run under way pass, once there is one. */
  async passOne(): Promise<void> {
    await vi.waitUntil(() => this.gates.length > 0);
    this.gates.shift()?.();
  }
}

function aRunner() {
  const model = new GatedModel({ name: 'gated' });
  const said: FromReplica[] = [];
  const runner = new BatchRunner(model, async (message) => void said.push(message), {
    clock: systemClock,
    nextTurn: flush,
  });
  const done = runner.run();
  return { model, runner, said, done, kinds: () => said.map((message) => message.type) };
}

describe('BatchRunner', () => {
  it('pulls for one batch to run and one to prepare, then once an answer', async () => {
    const { model, runner, kinds } = aRunner();
    await vi.waitFor(() => expect(kinds()).toEqual(['pull', 'pull']));
    runner.batch(1, texts(1));
    await model.passOne();
    await vi.waitFor(() => expect(kinds()).toEqual(['pull', 'pull', 'result', 'pull']));
  });

  it('runs a batch that came beside the others when it is prepared, and pulls nothing for it', async () => {
    const { model, runner, kinds, said } = aRunner();
    const slow = model.holdNext();
    runner.batch(1, texts(3), true);
    runner.batch(2, texts(1));
    await model.passOne();
    await vi.waitFor(() => expect(kinds()).toEqual(['pull', 'pull', 'result', 'pull']));
    slow();
    await model.passOne();
    await vi.waitFor(() => expect(kinds()).toEqual(['pull', 'pull', 'result', 'pull', 'result']));
    expect(said.flatMap((message) => (message.type === 'result' ? [message.id] : []))).toEqual([2, 1]);
  });

  it('begins to prepare the next batch before it runs the one at hand', async () => {
    const { model, runner } = aRunner();
    runner.batch(1, texts(1));
    runner.batch(2, texts(2));
    await vi.waitFor(() => expect(model.events).toEqual(['prepare 1', 'prepare 2', 'run 1']));
    await model.passOne();
    await vi.waitFor(() => expect(model.events.at(-1)).toBe('run 2'));
  });

  it('answers in the order in which batches came', async () => {
    const { model, runner, said, done } = aRunner();
    runner.batch(5, texts(1));
    runner.batch(6, texts(1));
    runner.finish();
    for (let n = 0; n < 2; n += 1) await model.passOne();
    await done;
    expect(said.flatMap((message) => (message.type === 'result' ? message.id : []))).toEqual([5, 6]);
  });

  it('answers a ping with a real run, after the work that came before it', async () => {
    const { model, runner, kinds, done } = aRunner();
    runner.batch(1, texts(1));
    runner.ping();
    runner.finish();
    for (let n = 0; n < 2; n += 1) await model.passOne();
    await done;
    expect(kinds().filter((kind) => kind !== 'pull')).toEqual(['result', 'pong']);
    expect(model.events.filter((event) => event.startsWith('run'))).toHaveLength(2);
  });

  it('ends after what it holds', async () => {
    const { model, runner, done, kinds } = aRunner();
    runner.batch(1, texts(1));
    runner.finish();
    await model.passOne();
    await done;
    expect(kinds()).toContain('result');
  });

  it('rejects when a run throws', async () => {
    const { model, runner, done } = aRunner();
    const failure = done.catch((error: unknown) => error);
    runner.batch(1, [{ kind: 'text', text: 'throw' }, aText(1)]);
    await model.passOne();
    expect(await failure).toMatchObject({ message: 'the run failed' });
  });
});
