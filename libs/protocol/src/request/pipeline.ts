import { type Clock, DomainError } from '#core';
import type { Activity } from './activity.js';
import type { RequestAuthorizer } from './authorizer.js';
import type { Call, CallContext, Next, Step } from './call.js';
import { measure, type RequestOutcome } from './measure.js';
import { waitForRoom } from './wait-for-room.js';

/**
 * The parts of a request that differ by operation: how it is read and what it does. Everything else is common to all.
 */
export interface RequestHandler<Answer> {
  /** The word for the figures until `read` knows better; see Call. */
  readonly operation: string;
  /**
   * Reads what the request asks for and notes it in the call (`model`, `items`, …), without making its items. Returns
   * the function that makes them.
   */
  read(call: Call): Promise<Opening<Answer>>;
}

/**
 * Returns the handler of a request that only looks something up: it has no items, costs nothing, and needs no more than
 * its route's scope.
 *
 * @example
 * const models = await pipeline.run(context, lookUp('models', () => registry.list()));
 */
export function lookUp<Answer>(operation: string, read: () => Answer): RequestHandler<Answer> {
  return {
    operation,
    read: async (call) => {
      call.needsRights = false;
      return async () => async () => read();
    },
  };
}

/** Makes the items of an authorized request, corrects `items` in the call, and returns the work itself. */
export type Opening<Answer> = (call: Call) => Promise<Next<Answer>>;

/** What a RequestPipeline works with. */
export interface PipelineParts {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly authorizer: RequestAuthorizer;
  /** Most items of one request. */
  readonly itemsMax: number;
  /** Gets each request once, when it has ended. */
  onRequest(outcome: RequestOutcome): void;
}

/**
 * Runs every request of every protocol. It refuses as early as it can: before anything is read, once the request is
 * known, and once its items are made. It counts each request once, however it ends.
 */
export class RequestPipeline {
  private readonly beforeReading: readonly Step[];
  private readonly beforeItems: readonly Step[];
  private readonly beforeWork: readonly Step[];

  constructor(parts: PipelineParts) {
    const { authorizer } = parts;
    const boundItems = atMost(parts.itemsMax);
    this.beforeReading = [measure(parts), authorizer.requireScope];
    this.beforeItems = [boundItems, notifyStream, authorizer.requireRights];
    this.beforeWork = [boundItems, prioritize, authorizer.countRefusal, waitForRoom(parts.clock), authorizer.admit];
  }

  /**
   * Answers one request. Rejects with what a step refuses or the handler fails with; a failure that nobody foresaw has
   * been logged then, and names the request's id.
   *
   * @example
   * const answer = await pipeline.run(context, {
   *   operation: 'encode',
   *   read: async (call) => {
   *     const { model, texts } = parse(await body());
   *     Object.assign(call, { model, items: texts.length });
   *     return async () => (ctx) => encode.encode(model, texts.map(toItem), ctx);
   *   },
   * });
   */
  run<Answer>(context: CallContext, handler: RequestHandler<Answer>): Promise<Answer> {
    return through(this.beforeReading, newCall(context, handler), async (read) => {
      const open = await handler.read(read);
      return through(this.beforeItems, read, async (opened) => {
        const work = await open(opened);
        return opened.needsRights ? through(this.beforeWork, opened, work) : work(opened);
      });
    });
  }
}

function through<Answer>(steps: readonly Step[], call: Call, work: Next<Answer>, index = 0): Promise<Answer> {
  const step = steps[index];
  return step ? step(call, (same) => through(steps, same, work, index + 1)) : work(call);
}

function newCall(context: CallContext, { operation }: RequestHandler<unknown>): Call {
  return {
    ...context,
    operation,
    model: undefined,
    servedModel: undefined,
    items: 0,
    whenFull: 'refuse',
    needsRights: true,
    callersId: undefined,
    failure: undefined,
  };
}

/** Refuses a request of more than `itemsMax` items. */
function atMost(itemsMax: number): Step {
  return (call, next) => {
    if (call.items <= itemsMax) return next(call);
    const text = `The request has ${call.items} items; at most ${itemsMax} are allowed. Split it into several requests.`;
    return Promise.reject(new DomainError('request_too_large', text));
  };
}

const notifyStream: Step = (call, next) => {
  call.noteItems?.(call.items);
  return next(call);
};

/** Gives a request the priority of its stream; one of no stream keeps its own. */
const prioritize: Step = (call, next) => {
  if (!call.stream) return next(call);
  return call.stream.during(call.items, (priority) => {
    call.priority = priority;
    return next(call);
  });
};
