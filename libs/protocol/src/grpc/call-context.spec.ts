import { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { openCall, withinCall } from './call-context.js';

/** As much of a grpc-js call as tells how it ends. */
class Call extends EventEmitter {
  readonly metadata = new Metadata();

  constructor(private readonly deadline: Date | number = Infinity) {
    super();
  }

  getDeadline(): Date | number {
    return this.deadline;
  }

  getPath(): string {
    return '/clip.v1.Clip/Encode';
  }
}

describe('openCall', () => {
  it('aborts as cancelled when the caller goes before its deadline', () => {
    const call = new Call();
    const { context } = openCall(call);
    call.emit('cancelled');
    expect(context.signal.reason).toMatchObject({ code: 'cancelled' });
  });

  it.each([new Date(0), 0])('aborts as too late once the deadline has passed', (deadline) => {
    const call = new Call(deadline);
    const { context } = openCall(call);
    call.emit('cancelled');
    expect(context.signal.reason).toMatchObject({ code: 'deadline_exceeded' });
  });
});

describe('withinCall', () => {
  it.each([
    ['an answer', () => Promise.resolve('answer')],
    ['a failure', () => Promise.reject(new Error('no'))],
  ])('aborts nothing after %s, although grpc-js reports every ended call as cancelled', async (_end, work) => {
    const call = new Call();
    const signals: AbortSignal[] = [];
    await withinCall(call, (context) => {
      signals.push(context.signal);
      return work();
    }).catch(() => undefined);
    call.emit('cancelled');
    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
  });
});
