import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { PlaygroundTokens } from '#auth';
import { DomainError } from '#core';
import type { SessionCaller } from '../access/caller.js';
import { INFERENCE_TARGET, type InferenceTarget } from '../services/admin-services.js';
import { callInference, type InferenceCall } from './call-inference.js';

/** Calls of one account that run at a time: two models side by side, and an explanation of each. */
const CALLS_OF_ACCOUNT_MAX = 4;

/** Longest time until an answer is complete, in milliseconds: an explanation is some hundred pictures. */
const CALL_MS_MAX = 120_000;

/** A call as a page asks for it. */
export type PlaygroundCall = Omit<InferenceCall, 'token'>;

/** Passes calls of people who are logged in on to the inference API, each with a token of the caller's account. */
@Injectable()
export class Playground {
  private readonly running = new Map<string, number>();

  constructor(
    private readonly tokens: PlaygroundTokens,
    @Inject(INFERENCE_TARGET) private readonly target: () => InferenceTarget,
  ) {}

  /** Why nothing can be called, and what to set; undefined where it can. */
  get problem(): string | undefined {
    const target = this.target();
    return 'problem' in target ? target.problem : undefined;
  }

  /** Where calls go, without what a URL may hold of credentials; undefined where nothing can be called. */
  get url(): string | undefined {
    const target = this.target();
    if ('problem' in target) return undefined;
    const { origin, pathname } = new URL(target.url);
    return origin + pathname.replace(/\/+$/, '');
  }

  /**
   * Resolves with the answer, whatever its status; `use` has it until its promise settles, and the call counts as
   * running until then.
   *
   * @throws DomainError `unavailable`, `rate_limited` for an account that has too many calls under way, and
   *   `deadline_exceeded`
   */
  async call<T>(
    { account, actor }: SessionCaller,
    call: PlaygroundCall,
    use: (answer: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const target = this.target();
    if ('problem' in target) throw new DomainError('unavailable', target.problem);
    const leave = this.enter(account.id);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(tooLate()), CALL_MS_MAX);
    try {
      const token = await this.tokens.of(account.id, actor);
      const signal = AbortSignal.any([call.signal, late.signal]);
      const answer = await callInference(target, { ...call, token, signal });
      if (answer.statusCode === 401) throw refused(answer);
      return await use(answer);
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  private enter(accountId: string): () => void {
    const count = this.running.get(accountId) ?? 0;
    if (count >= CALLS_OF_ACCOUNT_MAX) throw tooMany();
    this.running.set(accountId, count + 1);
    return () => {
      const left = (this.running.get(accountId) ?? 1) - 1;
      if (left === 0) this.running.delete(accountId);
      else this.running.set(accountId, left);
    };
  }
}

function tooMany(): DomainError {
  return new DomainError(
    'rate_limited',
    `The playground runs at most ${CALLS_OF_ACCOUNT_MAX} calls of an account at a time. Try again when one has ended.`,
    { retryAfterMs: 1_000 },
  );
}

function tooLate(): DomainError {
  return new DomainError(
    'deadline_exceeded',
    `The inference API took longer than ${CALL_MS_MAX / 1000} s. Ask for less at once, or try again when it is less busy.`,
  );
}

/** Not passed on: a page takes 401 for the end of its session. */
function refused(answer: IncomingMessage): DomainError {
  answer.destroy();
  return new DomainError(
    'unavailable',
    'The inference API does not know the token of the playground. It must use the same database as the admin API; if it does, try again.',
  );
}
