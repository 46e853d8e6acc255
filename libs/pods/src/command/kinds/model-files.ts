import { z } from 'zod';
import type { AuditTarget } from '#audit';
import { pullReport, verificationReport } from '../../report/parts/model-files.js';
import { commandKind } from '../command-kind.js';

const whichModel = z.object({ model: z.string() });

function target({ model }: z.output<typeof whichModel>): AuditTarget {
  return { kind: 'model', id: model, name: model };
}

/** Download a model into the pod's cache; the pod's report tells how far it is. */
export const pullModel = commandKind({ kind: 'model.pull', arguments: whichModel, answer: pullReport, target });

/** End such a download. */
export const cancelPull = commandKind({ kind: 'model.pull_cancel', arguments: whichModel, answer: pullReport, target });

/** Read every byte of a model's files and compare it with what was downloaded. */
export const verifyModel = commandKind({
  ...{ kind: 'model.verify', arguments: whichModel, answer: verificationReport, target },
});
