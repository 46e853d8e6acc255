/** What was asked for and what was refused. */
export interface Usage {
  /** Requests that were admitted. */
  readonly requests: number;
  /** Texts and images of these. */
  readonly items: number;
  /** Requests that a limit turned away. */
  readonly refused: number;
  /** Requests that the token's scopes or models did not allow. */
  readonly denied: number;
}

/** Use of one model by one principal. */
export interface UsageOf extends Usage {
  readonly principalId: string;
  readonly model: string;
}

/** Use as it is counted: also over which protocol, and how it ended (`ok`, `item_failed`, or the code of an error). */
export interface UsageEvent extends UsageOf {
  readonly protocol: string;
  readonly outcome: string;
}

/** What sums can be told apart by. */
export const USAGE_PARTS = ['principalId', 'model', 'protocol', 'outcome'] as const;

export type UsagePart = (typeof USAGE_PARTS)[number];

/** One sum of a query that names what to tell apart; it has those parts and no others. */
export type UsageSum = Usage & { readonly startMs: number } & Partial<Record<UsagePart, string>>;

/** Which use is asked for, in UTC; days that are rolled up count whole when they begin inside. */
export interface UsageQuery {
  /** Every principal when left out, nobody when empty. */
  readonly principalIds?: readonly string[];
  readonly model?: string;
  readonly protocol?: string;
  readonly outcome?: string;
  /** Milliseconds since 1970, `toMs` excluded; rounded down to the hour. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Length of what a row sums up. Hours older than 90 days are answered as their days. */
  readonly by: 'hour' | 'day' | 'total';
}

/** One sum; `startMs` is the begin of its hour or day, or `fromMs` of the query for a total. */
export interface UsageRow extends UsageOf {
  readonly startMs: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The begin of the period of this length that `ms` lies in. */
export function startOf(ms: number, lengthMs: number): number {
  return Math.floor(ms / lengthMs) * lengthMs;
}

/** Adds the counts of `before` to `row`. */
export function added<Row extends Usage>(row: Row, before: Usage | undefined): Row {
  if (before === undefined) return row;
  return {
    ...row,
    requests: row.requests + before.requests,
    items: row.items + before.items,
    refused: row.refused + before.refused,
    denied: row.denied + before.denied,
  };
}
