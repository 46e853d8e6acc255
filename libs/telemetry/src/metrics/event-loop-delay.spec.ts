import { describe, expect, it } from 'vitest';
import { type Clock, ManualClock, systemClock } from '#core';
import { EventLoopDelay } from './event-loop-delay.js';

/** A clock whose tasks come as late as `turn` says. */
class BusyClock extends ManualClock {
  private task: (() => void) | undefined;
  private dueInMs = 0;
  private atMs = 0;

  override now(): number {
    return this.atMs;
  }

  override after(delayMs: number, task: () => void): () => void {
    this.task = task;
    this.dueInMs = delayMs;
    return () => (this.task = undefined);
  }

  /** Lets the timer run so many milliseconds too late. */
  turn(lateMs: number): void {
    this.atMs += this.dueInMs + lateMs;
    this.task?.();
  }
}

/** The figures in whole milliseconds; they are exact to a hundredth. */
function milliseconds(delay: EventLoopDelay): Record<string, number> | undefined {
  const reading = delay.read();
  return reading && Object.fromEntries(Object.entries(reading).map(([name, s]) => [name, Math.round(s * 1000)]));
}

describe('EventLoopDelay', () => {
  it('knows nothing before the loop has turned', () => {
    expect(new EventLoopDelay(new ManualClock()).read()).toBeUndefined();
  });

  it('is zero for a loop that is never late, without the period of the timer', () => {
    const clock = new ManualClock();
    const delay = new EventLoopDelay(clock);
    clock.advance(1_000);
    expect(milliseconds(delay)).toEqual({ min: 0, max: 0, mean: 0, stddev: 0, p50: 0, p90: 0, p99: 0 });
  });

  it('has the delays as they were', () => {
    const clock = new BusyClock();
    const delay = new EventLoopDelay(clock);
    for (let turn = 0; turn < 98; turn += 1) clock.turn(2);
    clock.turn(300);
    clock.turn(300);
    expect(milliseconds(delay)).toMatchObject({ min: 2, max: 302, mean: 8, p50: 2, p90: 2, p99: 302 });
  });

  it('shows a delay to every reader, however many there are', () => {
    const clock = new BusyClock();
    const delay = new EventLoopDelay(clock);
    clock.turn(300);
    expect([milliseconds(delay)?.['max'], milliseconds(delay)?.['max']]).toEqual([302, 302]);
  });

  it('lets a delay go after two windows', () => {
    const clock = new BusyClock();
    const delay = new EventLoopDelay(clock);
    const turns = (count: number): void => {
      for (let turn = 0; turn < count; turn += 1) clock.turn(0);
    };
    clock.turn(300);
    turns(2_900);
    expect(milliseconds(delay)?.['max']).toBe(302);
    turns(100);
    expect(milliseconds(delay)?.['max']).toBe(302);
    turns(3_000);
    expect(milliseconds(delay)?.['max']).toBe(0);
  });

  it('sees a loop that is really blocked', async () => {
    const delay = new EventLoopDelay(systemClock);
    block(systemClock, 200);
    while (!delay.read()) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(delay.read()?.max).toBeGreaterThan(0.15);
    delay.stop();
  });
});

function block(clock: Clock, ms: number): void {
  const untilMs = clock.now() + ms;
  while (clock.now() < untilMs);
}
