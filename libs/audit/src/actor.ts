/** Who made a change. */
export interface Actor {
  /** `account` = a person in the console, `token` = an access token, `host` = a user of the machine, `system` = the service itself. */
  readonly kind: 'account' | 'token' | 'system' | 'host';
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The address that the change came from; null where there is none. */
  readonly from: string | null;
}

/** What was changed. */
export interface AuditTarget {
  /** `token`, `account`, `settings`, … */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** One change, as whoever makes it tells it. `before` and `after` never hold a secret or a digest of one. */
export interface AuditChange {
  readonly actor: Actor;
  /** What was done, `token.create`, `account.role`, … */
  readonly action: string;
  readonly target: AuditTarget;
  readonly before?: unknown;
  readonly after?: unknown;
}
