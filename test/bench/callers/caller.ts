import type { Modality, Protocol } from '../cases.js';

/** One client with a connection of its own. */
export interface Caller {
  /** Sends the next request and resolves when its answer is there whole; rejects when any item of it failed. */
  call(): Promise<void>;
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

/**
 * A caller from how a request is sent and how an answer is checked. The first answer is looked through for a vector of
 * every item. The others are not decoded, which would cost more than receiving them: they must be as long as the first
 * one, give or take half an item. A vector that is missing makes an answer shorter by more than that, an image that a
 * failure sends back makes it longer.
 */
export function caller<Answer extends { readonly length: number }>(
  { lists }: Requests,
  { send, check, close }: { send(): Promise<Answer>; check(answer: Answer): void; close(): void },
): Caller {
  const items = lists[0]?.length ?? 1;
  let wholeLength: number | undefined;
  const call = async (): Promise<void> => {
    const answer = await send();
    if (wholeLength === undefined) check(answer);
    wholeLength ??= answer.length;
    if (Math.abs(answer.length - wholeLength) * 2 * items <= wholeLength) return;
    throw new Error(
      `An answer to ${items} items has a length of ${answer.length}, where a whole one has ${wholeLength}.`,
    );
  };
  return { call, close };
}

/** Numbers without end: 0, 1, … `length - 1`, 0, … */
export function turns(length: number): () => number {
  let turn = -1;
  return () => (turn = (turn + 1) % length);
}
