import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { IMAGE_LIMITS_DEFAULT, openClipModel } from '#clip';
import type { EncodeItem } from '#core';
import { repositoryRoot } from '../support/server.js';
import type { BareOrder, BareResult } from './bare.js';
import type { Modality } from './cases.js';
import { photos, sentences } from './contents.js';

const folder = join(repositoryRoot, 'models/mini-clip');
const threads = availableParallelism();

/** The process of the yardstick: the same files and the same contents without a service around them. */
process.on('message', (order: BareOrder) => {
  measure(order).then(
    (result) => process.send?.(result),
    (err: unknown) => process.send?.({ error: err instanceof Error ? err.message : String(err) }),
  );
});

async function measure({ loop, modality, batch, runMs }: BareOrder): Promise<BareResult> {
  const runOnce = loop === 'onnx' ? await onnxLoop(modality, batch) : await modelLoop(modality, batch);
  await runOnce();
  const startedMs = performance.now();
  let runs = 0;
  while (performance.now() < startedMs + runMs) {
    await runOnce();
    runs += 1;
  }
  return { itemsPerSecond: (runs * batch * 1000) / (performance.now() - startedMs) };
}

async function onnxLoop(modality: Modality, batch: number): Promise<() => Promise<unknown>> {
  const file = modality === 'text' ? 'textual.onnx' : 'visual.onnx';
  const session = await InferenceSession.create(join(folder, file), { intraOpNumThreads: threads });
  const [input] = session.inputNames;
  const feeds = (await tensors(modality, batch, typeOfInput(session))).map((tensor) => ({ [input!]: tensor }));
  let turn = 0;
  return () => session.run(feeds[turn++ % feeds.length]!);
}

async function modelLoop(modality: Modality, batch: number): Promise<() => Promise<unknown>> {
  const model = await openClipModel({
    folder,
    name: 'mini-clip',
    threads,
    provider: 'cpu',
    imageLimits: IMAGE_LIMITS_DEFAULT,
  });
  const batches = groups(await itemsOf(modality), batch);
  let turn = 0;
  return async () => model.run(await model.prepare(batches[turn++ % batches.length]!));
}

async function itemsOf(modality: Modality): Promise<EncodeItem[]> {
  if (modality === 'text') return sentences(256).map((text) => ({ kind: 'text', text }));
  return (await photos()).map((bytes) => ({ kind: 'image', bytes }));
}

function tensors(modality: Modality, batch: number, type: string): Promise<Tensor[]> {
  return modality === 'text' ? Promise.resolve(textTensors(batch, type)) : imageTensors(batch);
}

/** Texts cut to the longest of their batch, as the service does it. */
function textTensors(batch: number, type: string): Tensor[] {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  const tokenizer = new Tokenizer(json as object, {});
  const rows = sentences(256).map((text) => tokenizer.encode(text).ids);
  return groups(rows, batch).map((group) => {
    const length = Math.max(...group.map((ids) => ids.length));
    const padded = group.flatMap((ids) => [...ids, ...Array<number>(length - ids.length).fill(0)]);
    return type === 'int64'
      ? new Tensor('int64', BigInt64Array.from(padded, BigInt), [batch, length])
      : new Tensor('int32', Int32Array.from(padded), [batch, length]);
  });
}

/** Speed does not depend on the values, so the normalisation is a plain one. */
async function imageTensors(batch: number): Promise<Tensor[]> {
  const decoded = await Promise.all(
    (await photos()).map((file) => sharp(file).resize(224, 224).removeAlpha().raw().toBuffer()),
  );
  const values = new Float32Array(batch * 3 * 224 * 224);
  for (let at = 0; at < values.length; at++) values[at] = (decoded[at % decoded.length]![at % 150_528]! - 127) / 128;
  return [new Tensor('float32', values, [batch, 3, 224, 224])];
}

function typeOfInput(session: InferenceSession): string {
  const [metadata] = session.inputMetadata;
  return metadata?.isTensor ? metadata.type : '';
}

/** Lists of exactly `size`, starting over where the contents end. */
function groups<T>(contents: T[], size: number): T[][] {
  const count = Math.max(1, Math.floor(contents.length / size));
  return Array.from({ length: count }, (_, group) =>
    Array.from({ length: size }, (_, at) => contents[(group * size + at) % contents.length]!),
  );
}
