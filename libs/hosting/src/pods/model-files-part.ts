import { readdir } from 'node:fs/promises';
import type { Clock } from '#core';
import { weightBytes, type ModelStore, type Pulls, type Verifications } from '#models';
import type { ModelFilesPart } from '#pods';
import { modelFacts } from '../models/model-files.js';

type ModelHere = ModelFilesPart['here'][number];

/** Models that are told; more are a disk that nobody looks after. */
const HERE_MAX = 200;
/** How long the list of files is taken as it was: a report is made every two seconds. */
const LIST_MS = 5_000;

export interface ModelFilesParts {
  readonly store: Pick<ModelStore, 'find' | 'list'>;
  readonly modelDir: string;
  readonly pulls: Pulls;
  readonly verifications: Verifications;
  readonly clock: Clock;
}

/** What a pod tells of the files of models on its machine. */
export class ModelFilesReport {
  private here: readonly ModelHere[] = [];
  private listedAtMs = -Infinity;
  private pullsEnded = 0;
  /** What does not change while a folder is there: its size and the model's facts, by place and name. */
  private readonly known = new Map<string, Omit<ModelHere, 'name' | 'place'>>();

  constructor(private readonly parts: ModelFilesParts) {}

  async part(): Promise<ModelFilesPart> {
    const { pulls, verifications, clock } = this.parts;
    const told = pulls.list();
    const ended = Math.max(0, ...told.map(({ endedAtMs }) => endedAtMs ?? 0));
    if (clock.now() - this.listedAtMs >= LIST_MS || ended !== this.pullsEnded) {
      this.here = await this.list();
      this.listedAtMs = clock.now();
      this.pullsEnded = ended;
    }
    const verified = verifications.list().map(({ problems, ...rest }) => ({ ...rest, problems: [...problems] }));
    return { here: [...this.here], pulls: told, verifications: verified };
  }

  private async list(): Promise<ModelHere[]> {
    const { store, modelDir } = this.parts;
    const folders = (await readdir(modelDir).catch((): string[] => [])).sort();
    const own = folders.slice(0, HERE_MAX).map((name) => this.folder(name));
    const cached = (await store.list()).slice(-HERE_MAX).map(async ({ name, bytes }) => ({
      ...{ name, place: 'cache' as const },
      ...(await this.knownOf(`cache ${name}`, name, () => Promise.resolve(bytes))),
    }));
    const found = (await Promise.all([...own, ...cached])).filter((model) => model !== undefined);
    return found.slice(0, HERE_MAX);
  }

  /** Undefined for a folder that holds no model. */
  private async folder(name: string): Promise<ModelHere | undefined> {
    const found = await this.parts.store.find(name).catch(() => undefined);
    if (found?.place !== 'folder') return undefined;
    const known = await this.knownOf(`folder ${name}`, name, () => weightBytes(found.folder));
    return known.dimension === null ? undefined : { name, place: 'folder', ...known };
  }

  private async knownOf(
    key: string,
    name: string,
    bytesOf: () => Promise<number>,
  ): Promise<Omit<ModelHere, 'name' | 'place'>> {
    const before = this.known.get(key);
    if (before) return before;
    const [facts, bytes] = await Promise.all([modelFacts(this.parts.store, name), bytesOf().catch(() => null)]);
    const { dimension = null, imageSize = null, contextLength = null, tokenizer = null } = facts ?? {};
    const known = { bytes, dimension, imageSize, contextLength, tokenizer };
    if (dimension !== null) this.known.set(key, known);
    if (this.known.size > 2 * HERE_MAX) this.known.clear();
    return known;
  }
}
