import { DomainError } from '#core';
import { modelBroken } from '../files/json-fields.js';
import { CUDA_NEEDS, type GpuProvider, type Provider } from './provider.js';
import {
  DRIVER_ADVICE,
  driverLibraryProblem,
  libraryProblem,
  PROVIDER_TITLES,
  type ProviderLibrary,
} from './provider-library.js';

/** The facts about a session that did not open. */
export interface FailedOpening {
  readonly path: string;
  readonly provider: Provider;
  /** ONNX Runtime's error. */
  readonly cause: string;
  /** On a GPU, the state of the provider's library on this machine. */
  readonly library: ProviderLibrary | undefined;
}

/**
 * Makes the `unavailable` error for an ONNX file that cannot run where it was placed: what is missing and what to do.
 * The runtime's own words and the path go to the log only.
 */
export function openingError({ path, provider, cause, library }: FailedOpening): DomainError {
  const internal = [
    `${path}: ${cause}`,
    ...(library?.missingLibraries.length ? [`missing: ${library.missingLibraries.join(', ')}`] : []),
  ];
  if (provider === 'cpu' || /Load model from .* failed/.test(cause)) {
    return modelBroken('one of its ONNX files does not load', internal.join('; '));
  }
  return cannotRun(provider, reasonOf(provider, cause, library), internal.join('; '));
}

/**
 * Maps the error of a run. Known errors of CUDA and ONNX Runtime (memory, cuDNN, the driver) become `unavailable` with
 * a text for operators, since much of what a card lacks shows at the first run only; others stay as they are.
 */
export function runningError(provider: Provider, cause: unknown): unknown {
  if (provider === 'cpu' || cause instanceof DomainError) return cause;
  const known = KNOWN_ERRORS.find(({ sign }) => sign.test(String(cause)));
  return known ? cannotRun(provider, known.reason(provider), String(cause)) : cause;
}

function cannotRun({ name, deviceId }: GpuProvider, reason: string, internal: string): DomainError {
  return new DomainError('unavailable', `The model cannot run on ${name}:${deviceId}. ${reason}`, { internal });
}

function reasonOf(provider: GpuProvider, cause: string, library: ProviderLibrary | undefined): string {
  if (cause.includes('Failed to load shared library')) return `${reasonNotLoaded(provider, library)} ${OR_CPU}`;
  const known = KNOWN_ERRORS.find(({ sign }) => sign.test(cause));
  return known ? known.reason(provider) : `The card, its driver or its memory refused it. ${SEE_LOG} ${OR_CPU}`;
}

const OR_CPU = 'Or place the model on cpu.';
const SEE_LOG = 'The log has the reason in full.';

function reasonNotLoaded({ name }: GpuProvider, library: ProviderLibrary | undefined): string {
  const problem = library && (libraryProblem(name, library) ?? driverLibraryProblem(library));
  return (
    problem ??
    `The ${PROVIDER_TITLES[name]} library of onnxruntime-node is there but does not load. Is it of the same version as ` +
      'onnxruntime-node?'
  );
}

/** Signs of known errors in ONNX Runtime's texts, which hold the numbers of CUDA's own errors (cudaError_t). */
const KNOWN_ERRORS: readonly { readonly sign: RegExp; readonly reason: (provider: GpuProvider) => string }[] = [
  {
    sign: /CUDA failure 100\b/,
    reason: () => `The NVIDIA driver sees no GPU. Does nvidia-smi list one here? ${DRIVER_ADVICE} ${OR_CPU}`,
  },
  {
    sign: /CUDA failure 101\b/,
    reason: ({ deviceId }) =>
      `There is no GPU ${deviceId}. Cards are counted from 0, and only those that CUDA_VISIBLE_DEVICES lets through; ` +
      `nvidia-smi -L lists them. ${OR_CPU}`,
  },
  {
    sign: /CUDA failure 2\b|out of memory|Failed to allocate memory|OutOfMemory/i,
    reason: ({ deviceId }) =>
      `The memory of GPU ${deviceId} does not suffice. Place fewer replicas or models on it, take fp16 files, or end ` +
      'other programs there (nvidia-smi lists them).',
  },
  {
    sign: /CUDA failure 35\b/,
    reason: () =>
      `The NVIDIA driver is too old: CUDA ${CUDA_NEEDS.cudaMajor} needs ${CUDA_NEEDS.driverMin} or newer. Update it. ${OR_CPU}`,
  },
  {
    sign: /CUDA failure 34\b/,
    reason: () =>
      'The libcuda.so.1 that was found is a stub for compiling. Take its folder out of LD_LIBRARY_PATH and install the ' +
      `driver. ${OR_CPU}`,
  },
  {
    sign: /CUDA failure (3|802|803|804|999)\b/,
    reason: () =>
      `The NVIDIA driver does not start. ${SEE_LOG} After an update of the driver, the machine has to be started again. ` +
      OR_CPU,
  },
  {
    sign: /cuDNN is not available|cuDNN library was not found|libcudnn/,
    reason: () => `cuDNN 9 is not found. Install it, or name its folder in LD_LIBRARY_PATH. ${OR_CPU}`,
  },
];
