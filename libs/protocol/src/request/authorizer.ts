import { DomainError, type ErrorCode, NO_MODEL, type Principal, requireModel, requireScope, type Scope } from '#core';
import { RateLimitedError } from '#metering';
import type { ModelRegistry } from '#serving';
import type { AccessPorts } from './access.js';
import type { Call, Step } from './call.js';
import { isUnauthenticated } from './caller.js';
import { outcomeOf } from './outcome.js';

/** What a RequestAuthorizer works with. */
export interface AuthorizerParts extends AccessPorts {
  readonly registry: Pick<ModelRegistry, 'pool'>;
  /** Why a caller without credentials is refused. */
  missing(): DomainError;
}

/**
 * Checks of every request whether its caller may make it: the token is still valid, it has the scope and the model, and
 * its limits allow the request. Each rule is a step of the pipeline. Only `admit` meters.
 *
 * @example
 * const authorizer = new RequestAuthorizer({ ...ports, registry, missing: () => guard.missing() });
 * const steps: Step[] = [authorizer.requireScope, authorizer.requireRights, authorizer.admit];
 */
export class RequestAuthorizer {
  constructor(private readonly parts: AuthorizerParts) {}

  /**
   * Refuses a caller without the scope of the route, before the request is read (`unauthenticated`,
   * `permission_denied`).
   */
  readonly requireScope: Step = (call, next) => {
    const { scope } = call;
    if (scope !== undefined) this.countingDenials(call, () => this.principalOf(call, scope));
    return next(call);
  };

  /**
   * Refuses a caller that may not use the model, before its items are decoded and before anything of the model is
   * disclosed.
   */
  readonly requireRights: Step = (call, next) => {
    if (call.needsRights) call.servedModel = this.countingDenials(call, () => this.rightsOf(call)).model;
    return next(call);
  };

  /** Counts a request that the limits refused once, however many attempts were made. */
  readonly countRefusal: Step = (call, next) =>
    next(call).catch((err: unknown) => {
      if (err instanceof RateLimitedError) this.noteRefusal(err, call);
      throw err;
    });

  /**
   * Runs the work within the caller's limits, with the rights that the token has now, and meters it. Rejects with
   * `rate_limited`, and as the other rules do, before any work is done. Reports what is left of the limits either way.
   * A request that the full queue refuses costs nothing.
   */
  readonly admit: Step = async (call, next) => {
    const { principal, model } = this.countingDenials(call, () => this.rightsOf(call));
    call.servedModel = model;
    if (model === undefined) return next(call); // which says so in the way that its surface has for it
    const grant = await this.parts.admit({ principal, items: call.items });
    const { address: from, protocol } = call.caller;
    let outcome = 'ok';
    try {
      call.reportLimits(grant.states);
      this.parts.noteUse(principal.id, { from, protocol, model, credential: call.caller.credential });
      const answer = await next(call);
      if (call.failure) outcome = outcomeOf(call.failure);
      return answer;
    } catch (err) {
      outcome = outcomeOf(err);
      throw err;
    } finally {
      if (outcome === ('queue_full' satisfies ErrorCode)) {
        grant.undo();
        call.reportLimits(grant.states);
      } else {
        grant.finish();
        const counts = { requests: 1, items: call.items, refused: 0 };
        this.parts.recordUsage({ principalId: principal.id, model, protocol, outcome, ...counts });
      }
    }
  };

  private rightsOf(call: Call): { principal: Principal; model: string | undefined } {
    const principal = this.principalOf(call, scopeOf(call));
    return { principal, model: this.servedModel(call, principal) };
  }

  /** Counts what the token's scopes or models do not allow: somebody should give it more, or correct its caller. */
  private countingDenials<T>(call: Call, check: () => T): T {
    try {
      return check();
    } catch (err) {
      if (err instanceof DomainError && err.code === 'permission_denied') this.noteDenial(call);
      throw err;
    }
  }

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
    call.reportLimits(refusal.states);
    const model = this.nameServed(call.model);
    if (model === undefined) return;
    const { protocol, principal } = call.caller;
    const counts = { requests: 0, items: 0, refused: 1 };
    this.parts.recordUsage({ principalId: principal.id, model, protocol, outcome: refusal.code, ...counts });
  }

  /** Names that callers choose add no rows to the usage figures: what is not served is counted under NO_MODEL. */
  private noteDenial({ model: named, caller }: Call): void {
    const served = named === undefined ? undefined : this.nameServed(named);
    const { protocol, principal } = caller;
    const outcome: ErrorCode = 'permission_denied';
    const use = { protocol, outcome, requests: 0, items: 0, refused: 0, denied: 1 };
    this.parts.recordUsage({ principalId: principal.id, model: served ?? NO_MODEL, ...use });
  }

  /**
   * The served name, so that usage and permissions do not depend on how the caller spelled it; undefined where none is
   * served.
   */
  private nameServed(named: string | undefined): string | undefined {
    try {
      return this.parts.registry.pool(named).info.name;
    } catch (err) {
      if (err instanceof DomainError && err.code === 'model_unknown') return undefined;
      throw err;
    }
  }
}

/** Returns the scope of a request that computes. A handler that names none is a fault of ours; it is refused. */
function scopeOf({ scope, operation }: Call): Scope {
  if (scope === undefined) throw new TypeError(`The handler of ${operation} names no scope.`);
  return scope;
}
