import { type Clock, every, type Principal, type Repetition, type UsageLimits } from '#core';
import type { Database } from '#database';
import { amountOf, statesOf, Taken, UNLIMITED } from './grant.js';
import { LimitStore } from './limit-store.js';
import { Outage, type OutageListener } from './outage.js';
import { type Grant, neverFits, usedUp } from './rate-limit.js';
import { type BudgetParts, type NamedBudget, Subject, TOTAL } from './subject.js';

const TICK_MS = 1000;
const TICKS_BETWEEN_TIDYING = 600;
const KEEP_WINDOWS_MS = 2 * 86_400_000;
/** More rounds than other requests can win in a row by chance. The bound keeps a request from waiting for ever. */
const ROUNDS_MAX = 20;

export interface AdmissionOptions extends OutageListener {
  readonly database: Database;
  readonly clock: Clock;
  /** The limits of all tokens together. */
  readonly total: UsageLimits;
  /** Names this process among those that share the database, at most 64 characters. Never reuse one. */
  readonly holder: string;
}

interface Request {
  readonly principal: Principal;
  readonly items: number;
}

/**
 * Decides whether a request may begin, by the limits of its token and of the service, which all processes share through
 * the database. A request costs a query only when the part of a limit that this process holds does not suffice.
 */
export class Admission {
  private readonly subjects = new Map<string, Subject>();
  private readonly total: Subject;
  private readonly parts: BudgetParts;
  private ticks = 0;
  private regularWork: Repetition | undefined;

  constructor(options: AdmissionOptions) {
    const { database, clock, holder } = options;
    this.parts = { store: new LimitStore(database), outage: new Outage(clock, options), clock, holder };
    this.total = new Subject(TOTAL, true, this.parts).use(options.total);
  }

  /**
   * Takes what the request needs of every limit that applies, or nothing. Answers at once unless the database has to be
   * asked. While the database is out of reach every process decides alone, each by the whole limit.
   *
   * @throws RateLimitedError with `retryAfterMs`, or without for a request that is larger than a whole limit
   */
  admit(request: Request): Grant | Promise<Grant> {
    const budgets = this.budgetsOf(request.principal);
    if (budgets.length === 0) return UNLIMITED;
    this.refuseOversized(budgets, request.items);
    return this.tryTake(budgets, request.items) ?? this.fetchAndTake(budgets, request.items);
  }

  /**
   * Begins to renew leases and to give idle holdings back, about once a second; less often while the database is slow.
   */
  start(): void {
    this.regularWork ??= every(this.parts.clock, TICK_MS, () => this.tick());
  }

  /** Gives back whatever is not spent. Requests in flight may still finish. */
  async stop(): Promise<void> {
    await this.regularWork?.stop();
    await Promise.all(this.everyBudget().map(({ budget }) => budget.stop()));
  }

  /** Resolves when the regular work that has begun is done. */
  async settled(): Promise<void> {
    await this.regularWork?.settled();
  }

  private budgetsOf(principal: Principal): readonly NamedBudget[] {
    const own = this.subjects.get(principal.id)?.use(principal.limits).budgets ?? this.firstBudgets(principal);
    if (own.length === 0) return this.total.budgets;
    return this.total.budgets.length === 0 ? own : [...own, ...this.total.budgets];
  }

  private firstBudgets(principal: Principal): readonly NamedBudget[] {
    const subject = new Subject(principal.id, false, this.parts).use(principal.limits);
    if (subject.budgets.length > 0) this.subjects.set(principal.id, subject);
    return subject.budgets;
  }

  private refuseOversized(budgets: readonly NamedBudget[], items: number): void {
    for (const named of budgets) {
      const amount = amountOf(named, items);
      if (amount <= named.budget.limit) continue;
      throw neverFits({ ofService: named.ofService, state: named.budget.state(), amount }, statesOf(budgets));
    }
  }

  /** Nothing is awaited between the check and the taking, so it is all or nothing. */
  private tryTake(budgets: readonly NamedBudget[], items: number): Grant | undefined {
    const short = budgets.filter((named) => lacks(named, items));
    const obstacle = short.find(({ budget }) => budget.usedUp());
    if (obstacle !== undefined) throw refusalOf(obstacle, budgets, items);
    if (short.length > 0) return undefined;
    return new Taken(budgets, items);
  }

  private async fetchAndTake(budgets: readonly NamedBudget[], items: number): Promise<Grant> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const short = budgets.filter((named) => lacks(named, items));
      await Promise.all(short.map((named) => named.budget.fetch(amountOf(named, items))));
      const grant = this.tryTake(budgets, items);
      if (grant !== undefined) return grant;
    }
    throw refusalOf(budgets.find((named) => lacks(named, items)) ?? budgets[0], budgets, items);
  }

  private async tick(): Promise<void> {
    for (const { budget } of this.everyBudget()) await budget.tick();
    for (const [name, subject] of this.subjects) {
      if (subject.budgets.every(({ budget }) => budget.idle())) this.subjects.delete(name);
    }
    this.ticks += 1;
    if (this.ticks % TICKS_BETWEEN_TIDYING === 0) await this.tidy();
  }

  private async tidy(): Promise<void> {
    const nowMs = this.parts.clock.wallMs();
    await this.parts.outage.attempt(async () => {
      await this.parts.store.tidy(nowMs - KEEP_WINDOWS_MS, nowMs - KEEP_WINDOWS_MS);
      return {};
    });
  }

  private everyBudget(): NamedBudget[] {
    return [this.total, ...this.subjects.values()].flatMap((subject) => subject.budgets);
  }
}

function lacks(named: NamedBudget, items: number): boolean {
  const amount = amountOf(named, items);
  return amount > 0 && !named.budget.has(amount);
}

function refusalOf(obstacle: NamedBudget | undefined, budgets: readonly NamedBudget[], items: number): Error {
  if (obstacle === undefined) throw new TypeError('A refusal without a limit.');
  const { ofService, budget } = obstacle;
  const about = { ofService, state: budget.state(), amount: amountOf(obstacle, items) };
  return usedUp(about, statesOf(budgets), budget.retryAfterMs());
}
