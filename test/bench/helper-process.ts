import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * A process of the bench that takes an order at a time: its work must not share an event loop with what is measured.
 */
export class HelperProcess<Order extends object, Result extends object> implements AsyncDisposable {
  private readonly child;
  private readonly exited: Promise<unknown>;

  constructor(file: string) {
    const hooks = join(import.meta.dirname, 'typescript-hooks.ts');
    this.child = fork(join(import.meta.dirname, file), { execArgv: ['--import', hooks] });
    this.exited = new Promise((settle) => this.child.once('exit', settle));
  }

  /** Rejects with the text of what failed in the process, or when it dies or has died. */
  async run(order: Order): Promise<Result> {
    const stop = new AbortController();
    const died = this.exited.then((code) => {
      throw new Error(`A process of the bench ended with ${String(code)}.`);
    });
    // Told by the exit, which says more.
    this.child.send(order, () => undefined);
    try {
      const [answer] = (await Promise.race([once(this.child, 'message', { signal: stop.signal }), died])) as [
        Result | { error: string },
      ];
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    } finally {
      // Whoever loses the race must not count as unhandled.
      died.catch(() => undefined);
      stop.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill();
    await this.exited;
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
