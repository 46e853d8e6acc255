import { DomainError, type Principal, requireModel, requireScope, type Scope } from '#core';
import type { ModelRegistry } from '#serving';
import { RateLimitedError } from '#metering';
import type { CallContext } from './call-context.js';
import type { GatePorts } from './access-ports.js';
import { stranger } from './caller.js';

/** What a request asks for, as far as it matters for whether it may. */
export interface Ask {
  readonly scope: Scope;
  /** The model that was named; the default one when undefined. */
  readonly model: string | undefined;
  readonly items: number;
}

/** Makes one attempt at a request, or several: each of them is let in anew. */
export type Attempts = <Answer>(attempt: () => Promise<Answer>) => Promise<Answer>;

export interface GateParts extends GatePorts {
  readonly registry: Pick<ModelRegistry, 'pool'>;
  /** Why a caller without credentials is refused. */
  missing(): DomainError;
}

/** Every request that computes passes here, whatever carried it: token still good, scope, model, limits; then it is counted. */
export class Gate {
  constructor(private readonly parts: GateParts) {}

  /**
   * Runs `work` when the caller may. Rejects with `unauthenticated`, `permission_denied` or `rate_limited` before any of it
   * is done; tells the context what is left of the limits either way. An attempt that the full queue turns away costs nothing.
   */
  async pass<Answer>(
    ask: Ask,
    context: CallContext,
    work: () => Promise<Answer>,
    attempts: Attempts = (attempt) => attempt(),
  ): Promise<Answer> {
    try {
      return await attempts(() => this.attempt(ask, context, work));
    } catch (err) {
      if (err instanceof RateLimitedError) this.noteRefusal(err, ask, context);
      throw err;
    }
  }

  /**
   * Whether the caller may do this at all, so that nothing is decoded, and nothing of a model told, for one who may not. Throws
   * as `pass` does and counts nothing.
   */
  check({ scope, model }: Pick<Ask, 'scope' | 'model'>, context: CallContext): void {
    this.requireServed(model, this.checkScope(scope, context));
  }

  /** As `check`, before it is known which model is asked for. */
  checkScope(scope: Scope, context: CallContext): Principal {
    if (context.caller.principal === stranger) throw this.parts.missing();
    const principal = this.parts.recheck(context.caller.principal);
    requireScope(principal, scope);
    return principal;
  }

  /** The served name of a model that the principal may use; undefined where it may, but none of that name is served. */
  private requireServed(named: string | undefined, principal: Principal): string | undefined {
    const model = this.modelOf(named);
    if (named === undefined || !principal.models?.includes(named)) requireModel(principal, model ?? named ?? '');
    return model;
  }

  private async attempt<Answer>(ask: Ask, context: CallContext, work: () => Promise<Answer>): Promise<Answer> {
    const principal = this.checkScope(ask.scope, context);
    const model = this.requireServed(ask.model, principal);
    if (model === undefined) return work(); // which says so in the way that its surface has for it
    const grant = await this.parts.admit({ principal, items: ask.items });
    let isTurnedAway = false;
    try {
      context.tellLimits(grant.states);
      const { address: from, protocol } = context.caller;
      this.parts.noteUse(principal.id, { from, protocol, model });
      return await work();
    } catch (err) {
      isTurnedAway = err instanceof DomainError && err.code === 'queue_full';
      throw err;
    } finally {
      if (isTurnedAway) {
        grant.undo();
        context.tellLimits(grant.states);
      } else {
        grant.finish();
        this.parts.recordUsage({ principalId: principal.id, model, requests: 1, items: ask.items, refused: 0 });
      }
    }
  }

  private noteRefusal(refusal: RateLimitedError, ask: Ask, context: CallContext): void {
    context.tellLimits(refusal.states);
    const model = this.modelOf(ask.model);
    if (model === undefined) return;
    const principalId = context.caller.principal.id;
    this.parts.recordUsage({ principalId, model, requests: 0, items: 0, refused: 1 });
  }

  /** The served name, so that usage and permissions do not depend on how the caller spelled it; undefined where none is served. */
  private modelOf(named: string | undefined): string | undefined {
    try {
      return this.parts.registry.pool(named).info.name;
    } catch (err) {
      if (err instanceof DomainError && err.code === 'model_unknown') return undefined;
      throw err;
    }
  }
}
