import { setSourceMapsSupport } from 'node:module';
import { releaseMemory } from '#core';
import { runAsReplica } from './replica-main.js';

// Of our own files only: the maps of every package take megabytes.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });

/**
 * The file that a pool's children run. The model's code is loaded only when its options have come: it is large, and
 * when its native part cannot be loaded here, that is a failed load with a reason, not a silent death. A model that
 * does not give its own reference vectors and token ids is a failed load too; how near it came is a line on stdout,
 * which the pool takes into the service's log. What opening warns of goes to stderr, whose lines are warnings there.
 */
runAsReplica(async (options) => {
  const { checkGolden, openClipModel } = await import('#clip');
  const { computeCapabilityOf } = await import('../devices/device-inventory.js');
  const computeCapability = await computeCapabilityOf(options.provider);
  const ofCard = computeCapability === undefined ? {} : { computeCapability };
  const model = await openClipModel({ ...options, ...ofCard }, (text) => process.stderr.write(`${text}\n`));
  const golden = await checkGolden(model, options.folder);
  if (golden) {
    const ids = golden.tokenTexts === 0 ? '' : `, the token ids of ${golden.tokenTexts} texts`;
    process.stdout.write(`golden check: least cosine ${golden.cosineMin.toFixed(6)} of ${golden.items} items${ids}\n`);
  }
  releaseMemory(); // reading a tokenizer's file makes 40 MB of objects
  return model;
});
