import { answer, api, type Schemas } from '../../api/client.js';

/** How far a check is. */
export interface Progress {
  readonly checked: number;
  readonly total: number;
}

/** What came of a check. */
export type Verdict =
  | { readonly ok: true; readonly events: number; readonly head: Schemas['AuditHeadView'] }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/** Events of one question. */
const STEP_EVENTS = 2_000;

/** Checks the trail step by step, each from where the last one ended, so that a long one shows how far it is. */
export async function verifyTrail(onProgress: (progress: Progress) => void): Promise<Verdict> {
  let events = 0;
  let since: Schemas['AuditHeadView'] | undefined;
  for (;;) {
    const { ok, head, total = 0, isEnd, ...step } = await nextStep(since);
    if (!ok || !head) return { ok: false, seq: step.seq ?? 0, reason: step.reason ?? 'It could not be read' };
    events += step.events ?? 0;
    if (isEnd === true) return { ok: true, events, head };
    onProgress({ checked: head.seq, total });
    since = head;
  }
}

function nextStep(since: Schemas['AuditHeadView'] | undefined): Promise<Schemas['AuditStepView']> {
  const after = since === undefined ? {} : { sinceSeq: since.seq, sinceHash: since.hash };
  return answer(api.GET('/api/audit/verify/step', { params: { query: { ...after, eventsMax: STEP_EVENTS } } }));
}
