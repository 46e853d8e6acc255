import type { CallContext } from './call-context.js';

/** Does the work of one request with the priority that its stream gives it; a request of no stream keeps its own. */
export function prioritised<Answer>(
  context: CallContext,
  items: number,
  work: (context: CallContext) => Promise<Answer>,
): Promise<Answer> {
  const { stream } = context;
  return stream ? stream.during(items, (priority) => work({ ...context, priority })) : work(context);
}
