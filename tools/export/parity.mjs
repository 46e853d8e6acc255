import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, main, StepFailed } from '../ensure.mjs';
import { say } from '../process.mjs';

/**
 * `node tools/export/parity.mjs MODEL_FOLDER REFERENCE_FOLDER`: encodes the pictures and texts that parity.py wrote
 * with the service's own stack (its decoding, preprocessing, tokenizer and sessions, in batches) and prints the least
 * cosine with open_clip's vectors. Ends with 1 when one is below `--cosine-min`.
 */
const BATCH = 16;
/** What the project promises for float32 files. */
const COSINE_MIN = '0.9999';

await main(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'cosine-min': { type: 'string', default: COSINE_MIN }, threads: { type: 'string', default: '2' } },
  });
  const [modelFolder, referenceFolder] = positionals;
  if (!modelFolder || !referenceFolder) throw new StepFailed('Usage: parity.mjs MODEL_FOLDER REFERENCE_FOLDER', 2);
  await ensureInstalled();
  await ensureBuilt();
  const clip = await import('#clip');
  const model = await openModel(clip, modelFolder, Number(values.threads));
  const golden = await clip.checkGolden(model, modelFolder);
  if (golden) say(`golden.json: least cosine ${golden.cosineMin.toFixed(7)} over ${golden.items} items`);
  const found = await compare(clip, model, referenceFolder);
  await model.close();
  for (const { name, cosines } of found) say(summary(name, cosines));
  return found.every(({ cosines }) => Math.min(...cosines) >= Number(values['cosine-min'])) ? 0 : 1;
});

function openModel({ openClipModel, IMAGE_LIMITS_DEFAULT: imageLimits }, folder, threads) {
  return openClipModel({ folder, name: basename(folder), threads, provider: 'cpu', imageLimits });
}

async function compare({ cosine }, model, folder) {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  const sets = {
    texts: index.texts.map((text) => ({ kind: 'text', text })),
    images: index.images.map((name) => ({ kind: 'image', bytes: readFileSync(join(folder, name)) })),
  };
  const found = [];
  for (const [name, items] of Object.entries(sets)) {
    const references = rowsOf(readFileSync(join(folder, `${name}.f32`)), index.dimension);
    const vectors = await encodeAll(model, items);
    found.push({ name, cosines: vectors.map((vector, at) => cosine(vector, references[at])) });
  }
  return found;
}

async function encodeAll(model, items) {
  const vectors = [];
  for (let start = 0; start < items.length; start += BATCH) {
    for (const result of await model.run(await model.prepare(items.slice(start, start + BATCH)))) {
      if (!result.ok) throw result.error;
      vectors.push(result.embedding);
    }
  }
  return vectors;
}

function rowsOf(bytes, dimension) {
  const values = new Float32Array(Uint8Array.from(bytes).buffer);
  const count = values.length / dimension;
  return Array.from({ length: count }, (_, row) => values.subarray(row * dimension, (row + 1) * dimension));
}

function summary(name, cosines) {
  const sorted = cosines.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  return `${cosines.length} ${name}: least cosine ${sorted[0].value.toFixed(7)} (number ${sorted[0].at}), mean ${mean.toFixed(7)}`;
}
