import { env, InferenceSession } from './onnx-runtime.js';
import { openingError } from './opening-error.js';
import type { Provider } from './provider.js';
import { lookAtProviderLibrary } from './provider-library.js';

/**
 * Opens one ONNX file. `threads` is how many CPU cores one run may use. A GPU provider that is not there is an error
 * (`unavailable`) which says what is missing, never a silent run on the CPU; a file that does not load is `unavailable`
 * too.
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
    const library = provider === 'cpu' ? undefined : await lookAtProviderLibrary(provider.name);
    throw openingError({ path, provider, cause: String(cause), library });
  }
}

/**
 * How threads of a run wait for one another: 20 µs by spinning, then asleep, and never between two runs. ONNX Runtime's
 * own default spins for about a millisecond and on after each run, and takes the cores that the service, decoding and
 * clients need: it halved what a busy server answered. No spinning at all costs a lone ViT-B/32 text a tenth of its
 * time, since a thread is woken for each of hundreds of operators (docs/benchmark-notes.md has the figures).
 */
const THREADS_WAIT = {
  session: { intra_op: { allow_spinning: '1', spin_duration_us: '20' }, force_spinning_stop: '1' },
};

/** What TensorRT does not take of a graph runs on CUDA of the same card; without it, the CPU would get it. */
function providersInOrder(provider: Provider): Provider[] {
  if (provider === 'cpu' || provider.name === 'cuda') return [provider];
  return [provider, { name: 'cuda', deviceId: provider.deviceId }];
}

/** What goes wrong is thrown and told by us, once; the runtime's own lines name paths of the machine. */
const LOG_ONLY_FATAL = 4;
env.logLevel = 'fatal';
