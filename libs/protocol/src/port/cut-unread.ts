import type { EventEmitter } from 'node:events';
import { every, type Clock } from '#core';
import { READ_MS_MAX } from '../budget/index.js';

const CHECK_INTERVAL_MS = 10_000;

/** What HTTP/1.1 and HTTP/2 answers have in common here. */
interface Answering extends EventEmitter {
  /** Bytes that wait to be sent. */
  readonly writableLength: number;
}

/** An answer that is being sent. */
interface Watched {
  /** How often the client has taken all that waited. */
  drains: number;
  /** What could be seen of it when it had moved on last, and when that was. */
  seen: string;
  seenAtMs: number;
}

/** What becomes of an answer that nobody reads. */
export interface UnreadOptions<Res> {
  readonly clock: Clock;
  readonly cut: (res: Res) => void;
}

/**
 * Cuts off clients that take nothing of an answer that waits for them for ten minutes: what it is made of would be held
 * for as long as they like. Slow ones have all the time that they need.
 */
export function cutUnreadAnswers<Res extends Answering>(
  server: EventEmitter,
  { clock, cut }: UnreadOptions<Res>,
): void {
  const answers = new Map<Res, Watched>();
  const check = (): void => {
    for (const [res, answer] of answers) {
      const { writableLength } = res;
      const seen = `${answer.drains} ${writableLength}`;
      if (writableLength === 0 || seen !== answer.seen) Object.assign(answer, { seen, seenAtMs: clock.now() });
      else if (clock.now() - answer.seenAtMs >= READ_MS_MAX) {
        answers.delete(res);
        cut(res);
      }
    }
  };
  const checks = every(clock, CHECK_INTERVAL_MS, check);
  server.on('request', (_req: unknown, res: Res) => {
    const answer = { drains: 0, seen: '', seenAtMs: clock.now() };
    answers.set(res, answer);
    res.on('drain', () => (answer.drains += 1)).once('close', () => answers.delete(res));
  });
  server.once('close', () => void checks.stop());
}
