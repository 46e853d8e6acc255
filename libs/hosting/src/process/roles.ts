/** What a process does. Any number of processes share one database. */
export interface Roles {
  /** Serves models: gRPC, HTTP and WebSocket on CAS_PORT. */
  readonly inference: boolean;
  /** Serves the admin API on CAS_ADMIN_PORT. */
  readonly admin: boolean;
}
