import { STRONG_COST, hashArgon2id, isWeaker, verifyArgon2id, type Argon2Cost } from './argon2id.js';
import { normalizePassword } from './password-policy.js';
import { WorkQueue } from './work-queue.js';

export interface PasswordsOptions {
  /** What new hashes cost; `verify` reports weaker ones. Default STRONG_COST. */
  readonly cost?: Argon2Cost;
  /** Hashes computed at a time, each with its memory, on a thread of the pool. Default 2. */
  readonly runningMax?: number;
  /** Hashes that may wait for their turn. Default 32. */
  readonly waitingMax?: number;
}

/** Hashes and checks passwords with argon2id: slow on purpose, hence few at a time. Share one per process. */
export class Passwords {
  private readonly cost: Argon2Cost;
  private readonly queue: WorkQueue;

  constructor({ cost = STRONG_COST, runningMax = 2, waitingMax = 32 }: PasswordsOptions = {}) {
    this.cost = cost;
    this.queue = new WorkQueue({ runningMax, waitingMax });
  }

  /**
   * The hash to store for a password that `checkNewPassword` returned.
   *
   * @throws DomainError `unavailable` with a retry time when too many hashes wait
   */
  hash(normalizedPassword: string): Promise<string> {
    return this.queue.run(() => hashArgon2id(normalizedPassword, this.cost));
  }

  /**
   * Whether a typed password is the one behind `stored`; `isWeak` when it is, and should be hashed anew. Takes the same
   * time and answers no without a stored hash (no such account, or one without a password).
   *
   * @throws DomainError `unavailable` with a retry time when too many hashes wait
   */
  verify(stored: string | null, password: string): Promise<{ isRight: boolean; isWeak: boolean }> {
    const normalized = normalizePassword(password);
    return this.queue.run(async () => {
      if (stored === null || normalized === undefined) {
        await hashArgon2id('', this.cost);
        return { isRight: false, isWeak: false };
      }
      const isRight = await verifyArgon2id(stored, normalized);
      return { isRight, isWeak: isRight && isWeaker(stored, this.cost) };
    });
  }
}
