/** How much a principal may use; a limit that is left out does not exist. Whole numbers of at least 1. */
export interface UsageLimits {
  /** Requests that may begin in a minute of the clock. A message of a stream is a request. */
  readonly requestsPerMinute?: number;
  /** Texts and images that may be asked for in a day (UTC). */
  readonly itemsPerDay?: number;
  /** Texts and images that may be worked on at a time. */
  readonly itemsInFlight?: number;
}

export type UsageLimitName = keyof UsageLimits;

/** Every limit there is, in the order in which people read them. */
export const USAGE_LIMIT_NAMES = [
  'requestsPerMinute',
  'itemsPerDay',
  'itemsInFlight',
] as const satisfies readonly UsageLimitName[];
