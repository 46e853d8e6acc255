import type { Document, DomainError, JsonObject } from '#core';

/** One request of the compatible surface, as any of the three protocols carried it. */
export interface DocumentRequest {
  /** The caller's id, echoed; empty when the caller sent none. */
  requestId: string;
  /** `header.exec_endpoint`, e.g. `/encode`, `/rank/<model>`, `/`. */
  endpoint: string;
  targetExecutor?: string;
  parameters: JsonObject;
  /** Whether the caller sent a `parameters` field at all (it is echoed only then). */
  hasParameters: boolean;
  documents: Document[];
  /** When the gateway got the request, milliseconds since 1970 with fractions. */
  receivedAtMs: number;
}

/** `jina.StatusProto` of a failed request. */
export interface DocumentStatus {
  code: 'SUCCESS' | 'ERROR';
  description: string;
  exception?: { name: string; args: string[]; stacks: string[]; executor: string };
}

/** `jina.RouteProto`: who worked on the request and when (milliseconds since 1970, fractions kept). */
export interface DocumentRoute {
  executor: string;
  startTimeMs: number;
  endTimeMs: number;
  status?: DocumentStatus;
}

/** The answer to a DocumentRequest. A failure is in `status` and is not thrown: the transport still succeeds. */
export interface DocumentResponse {
  requestId: string;
  endpoint: string;
  parameters: JsonObject;
  hasParameters: boolean;
  routes: DocumentRoute[];
  documents: Document[];
  status?: DocumentStatus;
  /** What `status` tells, for the figures. */
  error?: DomainError;
}
