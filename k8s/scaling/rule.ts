/** `spec.behavior.scaleUp` or `scaleDown` of a HorizontalPodAutoscaler (autoscaling/v2). */
export interface Direction {
  /** Of the desired numbers of this long the most careful one holds: the least for more pods, the most for fewer. */
  readonly stabilizationWindowSeconds: number;
  /** A ratio this close to 1 changes nothing. A quantity, as the manifest has it. */
  readonly tolerance: string;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly {
    readonly type: 'Pods' | 'Percent';
    readonly value: number;
    readonly periodSeconds: number;
  }[];
}

/** The part of an autoscaler's manifest that decides. */
export interface Rule {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** What each metric may be per pod, by the metric's name. */
  readonly targets: Readonly<Record<string, number>>;
  readonly behavior: { readonly scaleUp: Direction; readonly scaleDown: Direction };
}

/** What an autoscaler sees. */
export interface Seen {
  readonly nowS: number;
  /** Pods that the Deployment asks for. */
  readonly replicas: number;
  /** Of each metric one value a pod that reports; pods beyond these count as missing. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/** What an autoscaler remembers from one decision to the next. */
export interface Memory {
  readonly recommendations: readonly { readonly atS: number; readonly replicas: number }[];
  /** Changes that it made: positive for pods added. */
  readonly events: readonly { readonly atS: number; readonly change: number }[];
}

/** What it remembers when it begins: that the number which it finds was wanted. */
export function beginning(nowS: number, replicas: number): Memory {
  return { recommendations: [{ atS: nowS, replicas }], events: [] };
}

/**
 * The decision of Kubernetes' controller for metrics of type Pods (pkg/controller/podautoscaler, 1.37): every metric
 * asks for a number, the largest holds, and the behaviour slows it down. A pure function, so that a change to the
 * manifest can be tried on loads before a cluster sees it.
 */
export function decide(rule: Rule, seen: Seen, memory: Memory): { replicas: number; memory: Memory } {
  const asked = Object.entries(rule.targets).map(([name, target]) => askedBy(rule, seen, name, target));
  const recommended = Math.max(...asked);
  const { scaleUp, scaleDown } = rule.behavior;
  const kept = Math.max(scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds);
  const recommendations = [
    ...memory.recommendations.filter(({ atS }) => atS > seen.nowS - kept),
    { atS: seen.nowS, replicas: recommended },
  ];
  const stabilized = stabilize(rule, seen, recommendations);
  const replicas = clamp(limited(rule, seen, memory, stabilized), rule.minReplicas, rule.maxReplicas);
  const change = replicas - seen.replicas;
  const events = change === 0 ? memory.events : [...memory.events, { atS: seen.nowS, change }];
  return { replicas, memory: { recommendations, events } };
}

/**
 * Pods that one metric asks for. A pod that does not report counts as idle when there are too few, as full when too
 * many.
 */
function askedBy(rule: Rule, { replicas, metrics }: Seen, name: string, target: number): number {
  const values = metrics[name] ?? [];
  const reporting = values.length;
  if (reporting === 0) return replicas;
  const sum = values.reduce((total, value) => total + value, 0);
  const ratio = sum / reporting / target;
  const missing = Math.max(0, replicas - reporting);
  if (missing === 0) return isTolerated(rule, ratio) ? replicas : Math.ceil(ratio * reporting);
  const filled = ratio < 1 ? sum + missing * target : sum;
  const adjusted = filled / (reporting + missing) / target;
  if (isTolerated(rule, adjusted) || adjusted < 1 !== ratio < 1) return replicas;
  const asked = Math.ceil(adjusted * (reporting + missing));
  return adjusted < 1 ? Math.min(asked, replicas) : Math.max(asked, replicas);
}

function isTolerated({ behavior }: Rule, ratio: number): boolean {
  return ratio >= 1 - Number(behavior.scaleDown.tolerance) && ratio <= 1 + Number(behavior.scaleUp.tolerance);
}

function stabilize({ behavior }: Rule, { nowS, replicas }: Seen, recommendations: Memory['recommendations']): number {
  const newest = recommendations.slice(-1);
  const within = (seconds: number) =>
    [...recommendations.filter(({ atS }) => atS > nowS - seconds), ...newest].map((one) => one.replicas);
  const least = Math.min(...within(behavior.scaleUp.stabilizationWindowSeconds));
  const most = Math.max(...within(behavior.scaleDown.stabilizationWindowSeconds));
  return clamp(replicas, least, most);
}

/**
 * Most that the policies let it become now: what was there at the beginning of their period, and so much more or
 * less.
 */
function limited({ behavior }: Rule, { nowS, replicas }: Seen, { events }: Memory, wanted: number): number {
  if (wanted === replicas) return replicas;
  const sign = wanted > replicas ? 1 : -1;
  const { policies, selectPolicy } = sign > 0 ? behavior.scaleUp : behavior.scaleDown;
  if (selectPolicy === 'Disabled') return replicas;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const changed = events
      .filter(({ atS, change }) => atS > nowS - periodSeconds && Math.sign(change) === sign)
      .reduce((total, { change }) => total + change, 0);
    const start = replicas - changed;
    if (type === 'Pods') return start + sign * value;
    const part = start * (1 + (sign * value) / 100);
    return sign > 0 ? Math.ceil(part) : Math.floor(part);
  });
  const furthest = selectPolicy === 'Max' ? sign : -sign;
  const limit = furthest > 0 ? Math.max(...limits) : Math.min(...limits);
  return sign > 0 ? Math.min(wanted, Math.max(limit, replicas)) : Math.max(wanted, Math.min(limit, replicas));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
