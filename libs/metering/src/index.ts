export { Admission } from './limits/admission.js';
export { formatRateLimit } from './limits/format-rate-limit.js';
export { limitStandings, SERVICE_SUBJECT, type LimitStanding } from './limits/limit-standings.js';
export { type Grant, type RateLimitState, RateLimitedError } from './limits/rate-limit.js';
export { MinuteRecorder, MINUTES_KEPT_MS } from './minutes/minute-recorder.js';
export { sumMinutes, type ServiceMinutes } from './minutes/minute-sums.js';
export { UsageRecorder } from './usage/usage-recorder.js';
export type { DayOfUsage } from './usage/usage-days.js';
export { sumUsage } from './usage/usage-sums.js';
export {
  USAGE_PARTS,
  type Usage,
  type UsagePart,
  type UsageQuery,
  type UsageRow,
  type UsageSum,
} from './usage/usage.js';
