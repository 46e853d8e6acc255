import { type Clock, USAGE_LIMIT_NAMES, type UsageLimitName, type UsageLimits } from '#core';
import type { Budget } from './budget.js';
import { InFlightBudget } from './in-flight-budget.js';
import type { LimitStore } from './limit-store.js';
import type { Outage } from './outage.js';
import { WindowBudget } from './window-budget.js';

/** The length of the windows of the limits that have one. */
export const WINDOWS_MS = { requestsPerMinute: 60_000, itemsPerDay: 86_400_000 };

/** The subject that stands for all tokens together. */
export const TOTAL = 'total';

/** What budgets are made of. */
export interface BudgetParts {
  readonly store: LimitStore;
  readonly outage: Outage;
  readonly clock: Clock;
  /** Names this process among those that share the database. */
  readonly holder: string;
}

export interface NamedBudget {
  readonly name: UsageLimitName;
  readonly ofService: boolean;
  readonly budget: Budget;
}

/** The budgets of one token, or of the whole service. */
export class Subject {
  budgets: readonly NamedBudget[] = [];
  private limits: UsageLimits = {};

  constructor(
    private readonly name: string,
    private readonly ofService: boolean,
    private readonly parts: BudgetParts,
  ) {}

  /** Brings the budgets in line with limits that may have changed. Costs nothing when the object is the same. */
  use(limits: UsageLimits): this {
    if (limits === this.limits) return this;
    this.limits = limits;
    const before = this.budgets;
    this.budgets = USAGE_LIMIT_NAMES.flatMap((name) => {
      const limit = limits[name];
      return limit === undefined ? [] : [this.named(name, limit, before)];
    });
    for (const gone of before) if (!this.budgets.includes(gone)) void gone.budget.stop();
    return this;
  }

  private named(name: UsageLimitName, limit: number, before: readonly NamedBudget[]): NamedBudget {
    const same = before.find((named) => named.name === name);
    if (same === undefined) return { name, ofService: this.ofService, budget: this.build(name, limit) };
    same.budget.setLimit(limit);
    return same;
  }

  private build(name: UsageLimitName, limit: number): Budget {
    const { store, outage, clock, holder } = this.parts;
    const subject = this.name;
    if (name === 'itemsInFlight') return new InFlightBudget({ subject, holder, limit }, store, outage, clock);
    return new WindowBudget({ subject, name, limit, windowMs: WINDOWS_MS[name] }, store, outage, clock);
  }
}
