import { findInCatalogue, type ModelStore, type Precision, weightBytes } from '#models';

/** Sizes of variants against those of float32, which the catalogue tells. */
const SHARE_OF_FLOAT32: Readonly<Record<Precision, number>> = { fp16: 1 / 2, int8: 1 / 4 };

/**
 * The size of a model's ONNX files: read where the model is on this machine, about as the catalogue says where it has to be
 * downloaded first, undefined where nobody says. Never rejects, never downloads.
 */
export async function weightBytesOf(folders: Pick<ModelStore, 'find'>, name: string): Promise<number | undefined> {
  const local = await folders.find(name).catch(() => undefined);
  if (local) return weightBytes(local.folder).catch(() => undefined);
  const listed = findInCatalogue(name);
  if (!listed) return undefined;
  const { entry, precision } = listed;
  return entry.megabytes * 1e6 * (precision ? SHARE_OF_FLOAT32[precision] : 1);
}
