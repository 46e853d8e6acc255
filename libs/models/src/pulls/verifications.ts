import { type Clock, DomainError } from '#core';
import { canonicalName } from '../catalogue/catalogue.js';
import type { FileProblem } from '../cache/manifest.js';
import type { ModelStore } from '../store/model-store.js';

/** The outcome of reading every byte of a model's files, or that it is under way. */
export interface Verification {
  readonly model: string;
  readonly state: 'running' | 'whole' | 'damaged' | 'failed';
  /** What came of it and what to do, in words. */
  readonly text: string;
  /** Files that differ from what was downloaded; at most 50. */
  readonly problems: readonly FileProblem[];
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

const PROBLEMS_MAX = 50;
const KEPT = 20;

/** Reads the files of downloaded models anew and compares them with what was downloaded, one model at a time. */
export class Verifications {
  private readonly all: Verification[] = [];
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: { readonly store: Pick<ModelStore, 'verify' | 'find'>; readonly clock: Clock }) {}

  /**
   * Begins to verify a model, unless that is under way; resolves at once.
   *
   * @throws DomainError `not_found` for a model that is not in the cache, `conflict` for one of CAS_MODEL_DIR, whose
   * files nobody has digests of
   */
  async start(name: string): Promise<Verification> {
    const model = canonicalName(name);
    const found = await this.parts.store.find(model);
    if (!found) throw new DomainError('not_found', 'The files of this model are not on this pod. Pull it first.');
    if (found.place === 'folder') {
      throw new DomainError('conflict', 'The model lies in CAS_MODEL_DIR, and nobody has digests to compare it with.');
    }
    const running = this.all.find((each) => each.model === model && each.state === 'running');
    if (running) return running;
    const begun = { model, state: 'running', text: 'Reads every byte.', problems: [], endedAtMs: null } as const;
    const verification = { ...begun, startedAtMs: this.parts.clock.wallMs() };
    this.note(verification);
    this.last = this.last.then(() => this.run(verification));
    return verification;
  }

  /** The newest first, one a model. */
  list(): readonly Verification[] {
    return this.all;
  }

  private async run(begun: Verification): Promise<void> {
    const outcome = await this.parts.store.verify(begun.model).then(outcomeOf, (thrown: unknown) => ({
      ...{ state: 'failed' as const, text: DomainError.from(thrown).message, problems: [] },
    }));
    this.note({ ...begun, ...outcome, endedAtMs: this.parts.clock.wallMs() });
  }

  private note(verification: Verification): void {
    const at = this.all.findIndex(({ model }) => model === verification.model);
    if (at >= 0) this.all.splice(at, 1);
    this.all.unshift(verification);
    this.all.splice(KEPT);
  }
}

function outcomeOf(problems: readonly FileProblem[]): Pick<Verification, 'state' | 'text' | 'problems'> {
  if (problems.length === 0) return { state: 'whole', text: 'Every byte is as it was downloaded.', problems };
  const count = problems.length === 1 ? 'One file differs' : `${problems.length} files differ`;
  const text = `${count} from what was downloaded. Pull the model again: only what differs is downloaded.`;
  return { state: 'damaged', text, problems: problems.slice(0, PROBLEMS_MAX) };
}
