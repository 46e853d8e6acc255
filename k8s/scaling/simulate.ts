import { SimulatedPod, type ServiceTime } from './pod.js';
import { beginning, decide, type Rule } from './rule.js';

/** The names of the metrics in the manifest. */
export const QUEUED = 'clip_requests_queued';
export const RUNNING = 'clip_requests_running';

const STEP_S = 0.05;
/** Prometheus' interval in the PodMonitor, and the controller's default. */
const SCRAPE_S = 15;
const SYNC_S = 15;
/** A new pod answers scrapes long before it serves. */
const REPORTS_AFTER_S = 10;

export interface Simulation {
  readonly rule: Rule;
  readonly time: ServiceTime;
  /** From the decision to the first call that a new pod takes. */
  readonly coldStartS: number;
  readonly forS: number;
  readonly beginWith: number;
  /** Calls a second at a moment. */
  readonly load: (atS: number) => number;
}

/** What happened: every change of the number of pods, and the age of the oldest waiting call second by second. */
export interface Outcome {
  readonly changes: readonly { readonly atS: number; readonly replicas: number }[];
  readonly agesS: readonly number[];
}

/**
 * Runs a load against pods that the rule scales. The same load gives the same outcome: its chance is a fixed
 * sequence.
 */
export function simulate({ rule, time, coldStartS, forS, beginWith, load }: Simulation): Outcome {
  const chance = randomNumbers(1);
  let pods = Array.from({ length: beginWith }, () => new SimulatedPod(time, 0, 0));
  const ending: SimulatedPod[] = [];
  let memory = beginning(0, beginWith);
  const changes: { atS: number; replicas: number }[] = [];
  const agesS: number[] = [];
  let untilNextS = 0;
  for (let step = 0; step * STEP_S < forS; step++) {
    const nowS = step * STEP_S;
    const ready = pods.filter(({ readyAtS }) => readyAtS <= nowS);
    for (; untilNextS <= nowS; untilNextS -= Math.log(1 - chance()) / Math.max(load(nowS), 1e-3))
      ready[Math.floor(chance() * ready.length)]?.take(untilNextS);
    const age = Math.max(...[...pods, ...ending].map((pod) => pod.advance(nowS)));
    if (isEach(nowS, 1)) agesS.push(age);
    else agesS[agesS.length - 1] = Math.max(agesS.at(-1) ?? 0, age);
    if (isEach(nowS, SCRAPE_S)) for (const pod of pods) pod.scrape(nowS);
    if (!isEach(nowS, SYNC_S)) continue;
    const seen = pods.map((pod) => pod.metrics(nowS)).filter((one) => one !== undefined);
    const metrics = { [QUEUED]: seen.map(({ queued }) => queued), [RUNNING]: seen.map(({ running }) => running) };
    const decision = decide(rule, { nowS, replicas: pods.length, metrics }, memory);
    memory = decision.memory;
    if (decision.replicas === pods.length) continue;
    changes.push({ atS: nowS, replicas: decision.replicas });
    const added = Math.max(0, decision.replicas - pods.length);
    // Kubernetes ends pods that are not ready first; these are the newest.
    ending.push(...pods.slice(decision.replicas));
    const fresh = Array.from(
      { length: added },
      () => new SimulatedPod(time, nowS + coldStartS, nowS + REPORTS_AFTER_S),
    );
    pods = [...pods.slice(0, decision.replicas), ...fresh];
  }
  return { changes, agesS };
}

/** How often the number of pods turned round: grew after it had shrunk, or shrank after it had grown. */
export function turns({ changes }: Outcome, beginWith: number): number {
  const signs = changes.map(({ replicas }, at) => Math.sign(replicas - (changes[at - 1]?.replicas ?? beginWith)));
  return signs.filter((sign, at) => at > 0 && sign !== signs[at - 1]).length;
}

function isEach(nowS: number, periodS: number): boolean {
  return Math.round(nowS / STEP_S) % Math.round(periodS / STEP_S) === 0;
}

/** A linear congruential generator (the constants of Numerical Recipes): numbers from 0 to 1, the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
