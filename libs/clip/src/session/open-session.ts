import { DomainError } from '#core';
import { env, InferenceSession } from 'onnxruntime-node';
import { modelBroken } from '../json-fields.js';

/** Where a model runs. `deviceId` counts the GPUs that the process sees, from 0. */
export type Provider = 'cpu' | { readonly name: 'cuda' | 'tensorrt'; readonly deviceId: number };

/**
 * Opens one ONNX file. `threads` is how many CPU cores one run may use. A GPU provider that is not there is an error
 * (`unavailable`), never a silent run on the CPU; a file that does not load is `unavailable` too.
 */
export async function openSession(path: string, provider: Provider, threads: number): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: LOG_ONLY_FATAL,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  return InferenceSession.create(path, options).catch((cause: unknown) => {
    throw openingError(path, provider, String(cause));
  });
}

// The `extra` above: threads that wait by spinning take the cores that the service, decoding and clients need. Texts cost
// 480 µs of CPU with it and 265 µs without (2 threads, batch 32), and the service answered two to four times as many.

/** What goes wrong is thrown and told by us, once; the runtime's own lines name paths of the machine. */
const LOG_ONLY_FATAL = 4;
env.logLevel = 'fatal';

function openingError(path: string, provider: Provider, cause: string): DomainError {
  const internal = `${path}: ${cause}`;
  if (provider === 'cpu') return modelBroken('one of its ONNX files does not load', internal);
  return new DomainError(
    'unavailable',
    `The model cannot run on ${provider.name}:${provider.deviceId}: the provider or the device is missing. ` +
      'Install the GPU libraries of onnxruntime-node and the driver, or place the model on cpu.',
    { internal },
  );
}
