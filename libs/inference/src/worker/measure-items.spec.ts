import { ManualClock, towerOf, type EncodeItem } from '#core';
import type { Encoded, PreparedBatch } from '#clip';
import { describe, expect, it } from 'vitest';
import { measureItems } from './measure-items.js';
import { ScriptedModel } from '../testing/scripted-model.js';

/** An image takes 40 ms to decode and 2 s to run, a text 10 ms. */
class SlowModel extends ScriptedModel {
  readonly seen: EncodeItem[][] = [];

  constructor(private readonly clock: ManualClock) {
    super({ name: 'slow' });
  }

  override prepare(items: readonly EncodeItem[]): Promise<PreparedBatch> {
    this.seen.push([...items]);
    this.clock.advance(items.length * (isImage(items) ? 40 : 0));
    return super.prepare(items);
  }

  override run(batch: PreparedBatch): Promise<Encoded[]> {
    this.clock.advance(batch.size * (isImage(this.seen.at(-1) ?? []) ? 2_000 : 10));
    return super.run(batch);
  }
}

function isImage([first]: readonly EncodeItem[]): boolean {
  return first !== undefined && towerOf(first) === 'visual';
}

describe('measuring items', () => {
  it.each([1, 8])('says what one of each tower takes, its preparation included, in batches of %i', async (size) => {
    const clock = new ManualClock();
    const { itemMs } = await measureItems(new SlowModel(clock), size, clock);
    expect(itemMs).toEqual({ visual: 2_040, textual: 10 });
  });

  it('takes the longest text, so that no text costs more than was said', async () => {
    const clock = new ManualClock();
    const model = new SlowModel(clock);
    await measureItems(model, 1, clock);
    const [text] = model.seen.flat().filter((item) => item.kind === 'text');
    expect(text?.text.split(' ').length).toBeGreaterThanOrEqual(model.info.contextLength);
  });

  it.each([
    [{ visual: [0.6, 0.8], textual: [0, -1] }, true],
    [{ visual: [0.6, 0.8005], textual: [1, 0] }, true],
    [{ visual: [0.6, 0.9], textual: [1, 0] }, false],
    [{ visual: [1, 0], textual: [3, 4] }, false],
  ])('tells by the vectors of both towers whether they have length 1: %j', async (vectors, normalized) => {
    const model = new ScriptedModel({ name: 'known' });
    let tower: 'visual' | 'textual' = 'visual';
    const prepare = model.prepare.bind(model);
    model.prepare = (items) => {
      tower = isImage(items) ? 'visual' : 'textual';
      return prepare(items);
    };
    model.run = () => Promise.resolve([{ ok: true, embedding: Float32Array.from(vectors[tower]) }]);
    expect(await measureItems(model, 1, new ManualClock())).toMatchObject({ normalized });
  });
});
