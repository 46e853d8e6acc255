import type { Modality, Protocol } from '../cases.js';

/** One client with a connection of its own. */
export interface Caller {
  /** Sends the next request and resolves when its answer is there whole; rejects when it is a failure. */
  call(): Promise<void>;
  /** The same, and looks for a vector of every item in the answer. */
  checkedCall(): Promise<void>;
  close(): void;
}

/** What all clients of a load send: each request is a list of texts or of image files. */
export interface Requests {
  readonly modality: Modality;
  readonly lists: readonly (readonly (string | Buffer)[])[];
}

/** Encodes the requests once for all clients of a load, then opens clients on a port of this machine. */
export type CallerFactory = (requests: Requests) => (port: number) => Promise<Caller>;

export type CallerFactories = Readonly<Record<Protocol, CallerFactory>>;

/** A caller from how a request is sent and how an answer is checked. */
export function caller<Answer>(parts: { send(): Promise<Answer>; check(answer: Answer): void; close(): void }): Caller {
  return {
    call: async () => void (await parts.send()),
    checkedCall: async () => parts.check(await parts.send()),
    close: () => parts.close(),
  };
}

/** Numbers without end: 0, 1, … `length - 1`, 0, … */
export function turns(length: number): () => number {
  let turn = -1;
  return () => (turn = (turn + 1) % length);
}
