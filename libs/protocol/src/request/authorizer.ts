import { DomainError, type Principal, requireModel, requireScope, type Scope } from '#core';
import { RateLimitedError } from '#metering';
import type { ModelRegistry } from '#serving';
import type { AccessPorts } from './access.js';
import type { Call, Step } from './call.js';
import { isUnauthenticated } from './caller.js';

export interface AuthorizerParts extends AccessPorts {
  readonly registry: Pick<ModelRegistry, 'pool'>;
  /** Why a caller without credentials is refused. */
  missing(): DomainError;
}

/**
 * Says of every request whether its caller may do it: is the token still good, has it the scope and the model, do its limits allow it.
 * Each rule is a step of the pipeline. Before the work they count nothing; `admit` meters it.
 */
export class RequestAuthorizer {
  constructor(private readonly parts: AuthorizerParts) {}

  /** Refuses who may not do this at all, where that is known before the request is read (`unauthenticated`, `permission_denied`). */
  readonly requireScope: Step = (call, next) => {
    if (call.scope !== undefined) this.principalOf(call, call.scope);
    return next(call);
  };

  /**
   * Refuses who may not use the model that is asked for, so that nothing is decoded, and nothing of a model told, for one who may not.
   */
  readonly requireRights: Step = (call, next) => {
    if (call.needsRights) this.servedModel(call, this.principalOf(call, scopeOf(call)));
    return next(call);
  };

  /** Counts a request once that the limits refused, however many attempts were made. */
  readonly countRefusal: Step = (call, next) =>
    next(call).catch((err: unknown) => {
      if (err instanceof RateLimitedError) this.noteRefusal(err, call);
      throw err;
    });

  /**
   * Runs the work within the caller's limits, by the rights that the token has now, and meters it. Rejects with `rate_limited` and as the
   * other rules before any of it is done; tells what is left of the limits either way. What the full queue turns away costs nothing.
   */
  readonly admit: Step = async (call, next) => {
    const principal = this.principalOf(call, scopeOf(call));
    const model = this.servedModel(call, principal);
    if (model === undefined) return next(call); // which says so in the way that its surface has for it
    const grant = await this.parts.admit({ principal, items: call.items });
    let isTurnedAway = false;
    try {
      call.tellLimits(grant.states);
      const { address: from, protocol } = call.caller;
      this.parts.noteUse(principal.id, { from, protocol, model });
      return await next(call);
    } catch (err) {
      isTurnedAway = err instanceof DomainError && err.code === 'queue_full';
      throw err;
    } finally {
      if (isTurnedAway) {
        grant.undo();
        call.tellLimits(grant.states);
      } else {
        grant.finish();
        this.parts.recordUsage({ principalId: principal.id, model, requests: 1, items: call.items, refused: 0 });
      }
    }
  };

  private principalOf({ caller }: Call, scope: Scope): Principal {
    if (isUnauthenticated(caller.principal)) throw this.parts.missing();
    const principal = this.parts.recheck(caller.credential);
    requireScope(principal, scope);
    return principal;
  }

  /** The served name of a model that the principal may use; undefined where it may, but none of that name is served. */
  private servedModel({ model: named }: Call, principal: Principal): string | undefined {
    const model = this.nameServed(named);
    if (named === undefined || !principal.models?.includes(named)) requireModel(principal, model ?? named ?? '');
    return model;
  }

  private noteRefusal(refusal: RateLimitedError, call: Call): void {
    call.tellLimits(refusal.states);
    const model = this.nameServed(call.model);
    if (model === undefined) return;
    const principalId = call.caller.principal.id;
    this.parts.recordUsage({ principalId, model, requests: 0, items: 0, refused: 1 });
  }

  /** The served name, so that usage and permissions do not depend on how the caller spelled it; undefined where none is served. */
  private nameServed(named: string | undefined): string | undefined {
    try {
      return this.parts.registry.pool(named).info.name;
    } catch (err) {
      if (err instanceof DomainError && err.code === 'model_unknown') return undefined;
      throw err;
    }
  }
}

/** The scope of a request that computes. A handler that named none is a fault of ours, and lets nobody in. */
function scopeOf({ scope, operation }: Call): Scope {
  if (scope === undefined) throw new TypeError(`The handler of ${operation} names no scope.`);
  return scope;
}
