import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from '../../libs/clip/src/session/onnx-runtime.js';
import sharp from 'sharp';
import { IMAGE_LIMITS_DEFAULT, openClipModel, type ClipModel } from '#clip';
import type { EncodeItem } from '#core';
import { parseDevice } from '#inference';
import type { BareOrder, BareResult } from './bare.js';
import { contentsOf, groups, photos, sentences } from './contents.js';
import { answerOrders } from './helper-process.js';
import { percentile } from './statistics.js';
import { tokenBatches } from './token-batches.js';

const threads = availableParallelism();

/** The process of the yardstick: the same files and the same contents without a service around them. */
answerOrders(async (order: BareOrder): Promise<BareResult> => {
  const { cycle, runOnce } = await loops[order.loop](order);
  await runOnce(0);
  const timesMs: number[] = [];
  const startedMs = performance.now();
  for (let nowMs = startedMs; nowMs < startedMs + order.runMs || timesMs.length % cycle > 0;) {
    await runOnce(timesMs.length);
    timesMs.push(performance.now() - nowMs);
    nowMs = performance.now();
  }
  const elapsedMs = performance.now() - startedMs;
  return { itemsPerSecond: (timesMs.length * order.batch * 1000) / elapsedMs, p50Ms: percentile(timesMs, 0.5) };
});

interface Loop {
  /** Only so many runs in a row are comparable: batches of short texts come before those of long ones. */
  readonly cycle: number;
  readonly runOnce: (turn: number) => Promise<unknown>;
}

const loops: Record<BareOrder['loop'], (order: BareOrder) => Promise<Loop>> = {
  async session(order) {
    const session = await sessionOf(order);
    const feeds = await (order.modality === 'text' ? textFeeds(order, session) : imageFeeds(order, session));
    const cycle = order.lengths === 'mixed' ? feeds.length : 1;
    return { cycle, runOnce: (turn) => session.run(inTurn(feeds, turn)) };
  },

  async decoded(order) {
    const session = await sessionOf(order);
    const files = groups(await photos(), order.batch);
    return { cycle: 1, runOnce: async (turn) => session.run(await pixelFeeds(inTurn(files, turn), session)) };
  },

  async 'in process'(order) {
    const model = await modelOf(order);
    const items = (await contentsOf(order)).map((content): EncodeItem =>
      typeof content === 'string' ? { kind: 'text', text: content } : { kind: 'image', bytes: content },
    );
    const lists = groups(items, order.batch);
    return { cycle: 1, runOnce: async (turn) => model.run(await model.prepare(inTurn(lists, turn))) };
  },
};

const sessions = new Map<string, Promise<InferenceSession>>();
const models = new Map<string, Promise<ClipModel>>();

/** Loading takes seconds with a model of true size, so what is open stays open. */
function sessionOf({ folder, modality, spins, place }: BareOrder): Promise<InferenceSession> {
  const file = join(folder, modality === 'text' ? 'textual.onnx' : 'visual.onnx');
  const options = {
    executionProviders: [parseDevice(place?.device ?? 'cpu')],
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: spins ? '1' : '0' } } },
  };
  return kept(sessions, `${file} ${spins}`, () => InferenceSession.create(file, options));
}

function modelOf({ folder, place }: BareOrder): Promise<ClipModel> {
  const provider = parseDevice(place?.device ?? 'cpu');
  const { computeCapability } = place ?? {};
  const options = {
    ...{ folder, name: 'bare', threads, provider, imageLimits: IMAGE_LIMITS_DEFAULT },
    ...(computeCapability === undefined ? {} : { computeCapability }),
  };
  return kept(models, folder, () => openClipModel(options));
}

async function textFeeds({ folder, lengths, batch }: BareOrder, session: InferenceSession): Promise<Feeds[]> {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  const tokenizer = new Tokenizer(json as object, {});
  const rows = sentences(lengths).map((text) => tokenizer.encode(text).ids);
  return tokenBatches(rows, batch).map(({ ids, mask, length }) =>
    Object.fromEntries(
      session.inputMetadata.map((input, at) => [input.name, integers(input, at === 0 ? ids : mask, [batch, length])]),
    ),
  );
}

type Feeds = Record<string, Tensor>;

function integers(input: InferenceSession.ValueMetadata, values: readonly number[], shape: number[]): Tensor {
  return input.isTensor && input.type === 'int64'
    ? new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
    : new Tensor('int32', Int32Array.from(values), shape);
}

async function imageFeeds({ batch }: BareOrder, session: InferenceSession): Promise<Feeds[]> {
  return [await pixelFeeds(groups(await photos(), batch, 1)[0]!, session)];
}

/**
 * Decoded side by side, in planes of one colour. Speed does not depend on the values, so the normalisation is a plain
 * one.
 */
async function pixelFeeds(files: readonly Buffer[], session: InferenceSession): Promise<Feeds> {
  const [input] = session.inputMetadata;
  const side = Number(input?.isTensor && input.shape[2]);
  const plane = side * side;
  const values = new Float32Array(files.length * 3 * plane);
  await Promise.all(
    files.map(async (file, place) => {
      const pixels = await sharp(file).resize(side, side).removeAlpha().raw().toBuffer();
      for (let colour = 0, to = place * 3 * plane; colour < 3; colour++) {
        for (let from = colour; from < pixels.length; from += 3) values[to++] = (pixels[from]! - 127) / 128;
      }
    }),
  );
  return { [input!.name]: new Tensor('float32', values, [files.length, 3, side, side]) };
}

function inTurn<T>(values: readonly T[], turn: number): T {
  return values[turn % values.length]!;
}

async function kept<T>(all: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const found = all.get(key) ?? open();
  all.set(key, found);
  return found;
}
