import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { PlaygroundTokens } from '#auth';
import { DomainError } from '#core';
import type { SessionCaller, TokenCaller } from '../access/caller.js';
import { INFERENCE_TARGET, type InferenceTarget } from '../services/admin-services.js';
import { callInference, type InferenceCall } from './call-inference.js';

/** Calls of one caller that run at a time: two models side by side, and an explanation of each. */
const CALLS_OF_CALLER_MAX = 4;

/** Longest time until an answer is complete, in milliseconds: an explanation is some hundred pictures. */
const CALL_MS_MAX = 120_000;

/** In whose name a call is made: a person, for whom a token is kept, or a program with the token that it has shown. */
export type InferenceCaller = SessionCaller | (TokenCaller & { readonly shown: string });

/**
 * Calls of the inference API over the network, each with a token of the caller, so that limits, usage and traces see
 * them as any other call. The admin API has no other way to a model: it goes the same way beside any number of pods.
 */
@Injectable()
export class InferenceCalls {
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

  /** @throws DomainError `unavailable` with `problem` */
  requireTarget(): Exclude<InferenceTarget, { problem: string }> {
    const target = this.target();
    if ('problem' in target) throw new DomainError('unavailable', target.problem);
    return target;
  }

  /**
   * Resolves with the answer, whatever its status; `use` has it until its promise settles, and the call counts as
   * running until then.
   *
   * @throws DomainError `unavailable`, `rate_limited` for a caller who has too many calls under way, and
   *   `deadline_exceeded`
   */
  async call<T>(
    caller: InferenceCaller,
    call: Omit<InferenceCall, 'token'>,
    use: (answer: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const target = this.requireTarget();
    const leave = this.enter(caller.via === 'session' ? caller.account.id : caller.token.id);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(tooLate()), CALL_MS_MAX);
    try {
      const token = caller.via === 'session' ? await this.tokens.of(caller.account.id, caller.actor) : caller.shown;
      const signal = AbortSignal.any([call.signal, late.signal]);
      const answer = await callInference(target, { ...call, token, signal });
      if (answer.statusCode === 401) throw refused(answer);
      return await use(answer);
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  private enter(id: string): () => void {
    const count = this.running.get(id) ?? 0;
    if (count >= CALLS_OF_CALLER_MAX) throw tooMany();
    this.running.set(id, count + 1);
    return () => {
      const left = (this.running.get(id) ?? 1) - 1;
      if (left === 0) this.running.delete(id);
      else this.running.set(id, left);
    };
  }
}

function tooMany(): DomainError {
  return new DomainError(
    'rate_limited',
    `At most ${CALLS_OF_CALLER_MAX} calls of models run at a time for one caller of the admin API. Try again when one has ended.`,
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
    'The inference API does not know the token of this call. It must use the same database as the admin API; if it does, try again.',
  );
}
