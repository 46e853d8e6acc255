import type { Grant, RateLimitState } from './rate-limit.js';
import type { NamedBudget } from './subject.js';

/** What a request without any limit gets. */
export const UNLIMITED: Grant = { states: [], finish: () => undefined };

/** What has been taken of every budget for one request of so many items. */
export class Taken implements Grant {
  readonly states: readonly RateLimitState[];
  private finished = false;

  constructor(
    private readonly budgets: readonly NamedBudget[],
    private readonly items: number,
  ) {
    this.states = statesOf(budgets);
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    for (const named of this.budgets) named.budget.end(amountOf(named, this.items));
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
