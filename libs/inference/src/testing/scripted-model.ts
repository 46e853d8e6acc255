import { DomainError, type EncodeItem } from '#core';
import type { ClipModel, ClipModelOptions, Encoded, PreparedBatch } from '#clip';
import { idOf, SCRIPTED_INFO } from './builders.js';

/**
 * A model whose items are orders: `crash` kills the process, `hang` never ends, `throw` makes the run throw, `bad`
 * fails its own slot, a number becomes a vector of that number. Its folder is an order too: `absent` fails the load,
 * `fatal` kills the process in it.
 */
export class ScriptedModel implements ClipModel {
  readonly info;
  private readonly items = new WeakMap<PreparedBatch, readonly EncodeItem[]>();

  constructor({ name }: Pick<ClipModelOptions, 'name'>) {
    this.info = { ...SCRIPTED_INFO, name };
  }

  async prepare(items: readonly EncodeItem[]): Promise<PreparedBatch> {
    const batch: PreparedBatch = { tower: 'textual', size: items.length, errors: new Map(), runs: [] };
    this.items.set(batch, items);
    return batch;
  }

  tokenIds(): readonly number[] {
    return [];
  }

  async run(batch: PreparedBatch): Promise<Encoded[]> {
    return (this.items.get(batch) ?? []).map(obey);
  }

  async warmUp(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Opens a scripted model as a real one is opened. */
export async function openScriptedModel(options: ClipModelOptions): Promise<ClipModel> {
  if (options.folder === 'absent') throw new DomainError('unavailable', 'The file visual.onnx is missing.');
  if (options.folder === 'fatal') process.kill(process.pid, 'SIGKILL');
  return new ScriptedModel(options);
}

function obey(item: EncodeItem): Encoded {
  const order = item.kind === 'text' ? item.text : '';
  if (order === 'crash') process.kill(process.pid, 'SIGKILL');
  while (order === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  if (order === 'throw') throw new Error('the run failed');
  if (order === 'bad') return { ok: false, error: new DomainError('item_empty', 'The text is bad.') };
  return { ok: true, embedding: Float32Array.of(idOf(item)) };
}
