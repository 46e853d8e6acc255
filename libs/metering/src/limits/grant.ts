import type { Grant, RateLimitState } from './rate-limit.js';
import type { NamedBudget } from './subject.js';

/** What a request without any limit gets. */
export const UNLIMITED: Grant = { states: [], finish: () => undefined, undo: () => undefined };

/** Takes what one request of so many items needs of every budget, and can give it back. */
export class Taken implements Grant {
  private readonly undos: readonly (() => void)[];
  private ended = false;

  constructor(
    private readonly budgets: readonly NamedBudget[],
    private readonly items: number,
  ) {
    this.undos = budgets.map((named) => named.budget.take(amountOf(named, items)));
  }

  get states(): RateLimitState[] {
    return statesOf(this.budgets);
  }

  finish(): void {
    if (this.ended) return;
    this.ended = true;
    for (const named of this.budgets) named.budget.end(amountOf(named, this.items));
  }

  undo(): void {
    if (this.ended) return;
    this.ended = true;
    for (const undo of this.undos) undo();
  }
}

/** What a request of so many items needs of a budget. */
export function amountOf({ name }: NamedBudget, items: number): number {
  return name === 'requestsPerMinute' ? 1 : items;
}

/** One state per name: of two limits of the same name the one with less left. */
export function statesOf(budgets: readonly NamedBudget[]): RateLimitState[] {
  const states: RateLimitState[] = [];
  for (const { budget } of budgets) {
    const state = budget.state();
    const at = states.findIndex((other) => other.name === state.name);
    const other = states[at];
    if (other === undefined) states.push(state);
    else if (state.remaining < other.remaining) states[at] = state;
  }
  return states;
}
