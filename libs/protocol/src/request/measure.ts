import { type Clock, type RequestTrace, withTrace } from '#core';
import type { Activity } from './activity.js';
import type { Step } from './call.js';
import type { ProtocolName } from './caller.js';
import { outcomeOf } from './outcome.js';
import { requestOf, unforeseen } from './unforeseen.js';

/** One finished request, as telemetry counts it. */
export interface RequestOutcome {
  readonly protocol: ProtocolName;
  /** A bounded word: `encode`, `rank`, `embeddings`, … */
  readonly operation: string;
  /** The name that the model is served under; undefined where none was served. */
  readonly model: string | undefined;
  /** `ok`, `item_failed` or an error code. */
  readonly outcome: string;
  readonly items: number;
  readonly durationMs: number;
  /** Undefined where nothing is traced. */
  readonly trace: RequestTrace | undefined;
}

/** What `measure` works with. */
export interface MeasureParts {
  readonly clock: Clock;
  readonly activity: Activity;
  onRequest(outcome: RequestOutcome): void;
}

/**
 * Reports each request once, however it ends, with the time since its head was read. The outcome is the same word on
 * every protocol: `ok` when all of its items were answered; `item_failed` when at least one of them failed, whether the
 * rest was answered or not; else the code of the error that the request as a whole was refused or failed with. A
 * failure that nobody foresaw is logged here. What the request does meanwhile belongs to its trace.
 */
export function measure({ clock, activity, onRequest }: MeasureParts): Step {
  return async (call, next) => {
    const startedAtMs = clock.now();
    const { trace, arrival } = call;
    const { protocol } = call.caller;
    activity.beginRequest(protocol);
    arrival?.workBegins();
    const report = (outcome: string): void => {
      arrival?.settle(call, outcome);
      onRequest({
        protocol,
        operation: call.operation,
        model: call.servedModel,
        items: call.items,
        outcome,
        durationMs: clock.now() - startedAtMs,
        trace,
      });
    };
    try {
      const answer = await (trace ? withTrace(trace, () => next(call)) : next(call));
      report(call.failure ? outcomeOf(call.failure) : 'ok');
      if (call.failure) unforeseen(call.failure, requestOf(call, call));
      return answer;
    } catch (err) {
      report(outcomeOf(err));
      throw unforeseen(err, requestOf(call, call));
    } finally {
      activity.endRequest(protocol);
    }
  };
}
