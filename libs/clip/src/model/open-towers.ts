import type { InferenceSession } from '../session/onnx-runtime.js';
import type { ClipModelOptions } from './clip-model.js';
import type { ModelFiles } from '../files/model-files.js';
import { openSession } from '../session/open-session.js';
import { findPreparedFiles } from '../files/tensorrt-files.js';

/** The sessions of both towers. */
export interface Towers {
  readonly visual: InferenceSession;
  /** The same session when one graph holds both. */
  readonly textual: InferenceSession;
  /** Most rows of one run, where the engines have a limit that their axes do not show. */
  readonly rowsMax: number | undefined;
}

/** Gets each warning of opening, a sentence, before the work that it is about begins. */
export type Warn = (text: string) => void;

type Open = typeof openSession;
type Paths = Pick<ModelFiles, 'visualPath' | 'textualPath'>;

/**
 * Opens a model's towers. On TensorRT it takes the engines prepared for this type of GPU, newest first. If none loads,
 * TensorRT builds them from the ONNX files now, which takes minutes, and `warn` says so. Rejects as `openSession` does.
 */
export async function openTowers(
  files: Paths,
  options: ClipModelOptions,
  warn: Warn,
  open: Open = openSession,
): Promise<Towers> {
  const { folder, provider, computeCapability } = options;
  const openPair = (paths: Paths) => openBoth(paths, options, open);
  if (provider === 'cpu' || provider.name === 'cuda') return { ...(await openPair(files)), rowsMax: undefined };
  if (computeCapability !== undefined) {
    const { found, unfit } = await findPreparedFiles(folder, computeCapability, files);
    for (const reason of unfit) warn(`TensorRT engines are left aside: ${reason}.`);
    for (const prepared of found) {
      try {
        return { ...(await openPair(prepared)), rowsMax: prepared.rowsMax };
      } catch (error) {
        warn(doNotLoad(prepared.name, error));
      }
    }
  }
  warn(
    'TensorRT builds its engines now, which takes minutes and is done again at every start: no prepared ones fit this GPU. ' +
      'How to prepare them: docs/gpu.md.',
  );
  return { ...(await openPair(files)), rowsMax: undefined };
}

async function openBoth(
  { visualPath, textualPath }: Paths,
  { provider, threads }: ClipModelOptions,
  open: Open,
): Promise<Omit<Towers, 'rowsMax'>> {
  const visual = await open(visualPath, provider, threads);
  if (textualPath === visualPath) return { visual, textual: visual };
  try {
    return { visual, textual: await open(textualPath, provider, threads) };
  } catch (error) {
    await visual.release();
    throw error;
  }
}

function doNotLoad(name: string, error: unknown): string {
  const internal = error instanceof Error && 'internal' in error ? String(error.internal) : String(error);
  return `The TensorRT engines in ${name} do not load; were they built by another version of TensorRT? ${internal}`;
}
