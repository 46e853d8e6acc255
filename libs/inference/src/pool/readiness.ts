import { DomainError } from '#core';
import { startFailure } from './outage.js';
import type { Replica } from '../replica/replica.js';

/** Waits until one of its replicas is ready. */
interface Waiting {
  readonly replicas: readonly Replica[];
  readonly done: PromiseWithResolvers<void>;
}

/** Those who wait for replicas to be ready. */
export class Readiness {
  private waiting: Waiting[] = [];

  constructor(private readonly model: string) {}

  /** Resolves when one of `replicas` is ready; rejects, with the reason, when none can be, or when all were ended. */
  ofOne(replicas: readonly Replica[]): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.waiting.push({ replicas, done });
    this.look();
    return done.promise;
  }

  /** Must be called after every change of a replica. */
  look(): void {
    this.waiting = this.waiting.filter((entry) => !this.isOver(entry));
  }

  private isOver({ replicas, done }: Waiting): boolean {
    if (replicas.some(({ state }) => state === 'ready')) {
      done.resolve();
      return true;
    }
    const failure = startFailure(this.model, replicas) ?? this.ended(replicas);
    if (failure) done.reject(failure);
    return failure !== undefined;
  }

  private ended(replicas: readonly Replica[]): DomainError | undefined {
    if (!replicas.every(({ state }) => state === 'stopped')) return undefined;
    return new DomainError(
      'shutting_down',
      `A process of the model ${this.model} ended before it was ready. Try again, or look at the log.`,
    );
  }
}
