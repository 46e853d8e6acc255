import { checkGolden, IMAGE_LIMITS_DEFAULT, openClipModel } from '#clip';
import { parseDevice } from '#inference';
import { answerOrders } from '../helper-process.js';
import type { GoldenOrder, GoldenResult } from './golden.js';

/** A process that loads a model on a device and compares it with its golden vectors; its end frees the card. */
answerOrders(async ({ folder, device, computeCapability }: GoldenOrder): Promise<GoldenResult> => {
  const startedMs = performance.now();
  const warnings: string[] = [];
  const model = await openClipModel(
    {
      ...{ folder, name: 'golden', threads: 1, provider: parseDevice(device), imageLimits: IMAGE_LIMITS_DEFAULT },
      ...(computeCapability === undefined ? {} : { computeCapability }),
    },
    (text) => warnings.push(text),
  );
  const loadMs = performance.now() - startedMs;
  const report = await checkGolden(model, folder);
  return { loadMs, warnings, cosineMin: report?.cosineMin, items: report?.items ?? 0 };
});
