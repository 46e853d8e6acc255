import { env, InferenceSession } from './onnx-runtime.js';
import { openingError } from './opening-error.js';
import type { Provider } from './provider.js';
import { inspectProviderLibrary } from './provider-library.js';

/**
 * Opens one ONNX file. `threads` is how many CPU cores one run may use. Rejects with `unavailable` for a file that does
 * not load, and for a GPU provider that is missing: the error says what is missing, and nothing runs silently on the
 * CPU instead.
 *
 * @example
 * const session = await openSession('models/mini-clip/visual.onnx', { name: 'cuda', deviceId: 0 }, 4);
 */
export async function openSession(path: string, provider: Provider, threads: number): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: providersInOrder(provider),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: LOG_ONLY_FATAL,
    extra: THREADS_WAIT,
  };
  try {
    return await InferenceSession.create(path, options);
  } catch (cause) {
    const library = provider === 'cpu' ? undefined : await inspectProviderLibrary(provider.name);
    throw openingError({ path, provider, cause: String(cause), library });
  }
}

/**
 * How threads of a run wait for one another: they spin for 20 µs, then sleep, and never spin between two runs. ONNX
 * Runtime's default spins for about a millisecond, also after each run, and takes the cores that the service, decoding
 * and clients need: it halved the throughput of a busy server. Without spinning a lone ViT-B/32 text takes a tenth
 * longer, since a thread is woken for each of hundreds of operators (docs/benchmark-notes.md has the figures).
 */
const THREADS_WAIT = {
  session: { intra_op: { allow_spinning: '1', spin_duration_us: '20' }, force_spinning_stop: '1' },
};

/**
 * The parts of a graph that TensorRT does not take run on CUDA of the same card; without CUDA they would run on the
 * CPU.
 */
function providersInOrder(provider: Provider): Provider[] {
  if (provider === 'cpu' || provider.name === 'cuda') return [provider];
  return [provider, { name: 'cuda', deviceId: provider.deviceId }];
}

/** Errors are thrown and logged once by this service; the runtime's own lines would name paths of the machine. */
const LOG_ONLY_FATAL = 4;
env.logLevel = 'fatal';
