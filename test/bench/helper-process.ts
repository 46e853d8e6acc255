import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the bench that takes an order at a time: its work must not share an event loop with what is measured. */
export class HelperProcess<Order extends object, Result extends object> implements AsyncDisposable {
  private readonly child;

  constructor(file: string) {
    const hooks = join(import.meta.dirname, 'typescript-hooks.ts');
    this.child = fork(join(import.meta.dirname, file), { execArgv: ['--import', hooks] });
  }

  /** Rejects with the text of what failed in the process, or when it dies. */
  async run(order: Order): Promise<Result> {
    const stop = new AbortController();
    const died = once(this.child, 'exit', { signal: stop.signal }).then(([code]) => {
      throw new Error(`A process of the bench ended with ${String(code)}.`);
    });
    // It is raced below; whoever loses that race must not count as unhandled.
    died.catch(() => undefined);
    this.child.send(order);
    try {
      const [answer] = (await Promise.race([once(this.child, 'message', { signal: stop.signal }), died])) as [
        Result | { error: string },
      ];
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    } finally {
      stop.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}

/** The other side: what such a process does with each order. */
export function answerOrders<Order, Result extends object>(work: (order: Order) => Promise<Result>): void {
  process.on('message', (order: Order) => {
    work(order).then(
      (result) => process.send?.(result),
      (err: unknown) => process.send?.({ error: err instanceof Error ? err.message : String(err) }),
    );
  });
}
