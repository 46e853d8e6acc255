import type { GpuProviderName } from './provider.js';
import type { ProviderLibrary } from './provider-library.js';

/** How a provider is called in sentences. */
export const PROVIDER_TITLES: Readonly<Record<GpuProviderName, string>> = { cuda: 'CUDA', tensorrt: 'TensorRT' };

/** The one platform for which onnxruntime-node's install script fetches providers (its script/install-metadata.js). */
const GPU_PLATFORM = 'linux/x64';
/** Not `npm rebuild`: npm 11 runs no script that `allowScripts` of package.json forbids, and says nothing of it. */
const INSTALL = 'ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install';
/** What the driver's package brings, and the NVIDIA container toolkit into containers. */
const DRIVER_LIBRARY = /^libcuda\.so/;

/** What a provider lacks to be loaded, and what to do; undefined when it has all but, perhaps, the driver. */
export function libraryProblem(name: GpuProviderName, library: ProviderLibrary): string | undefined {
  const { platform, missingFiles } = library;
  const title = PROVIDER_TITLES[name];
  if (missingFiles.length > 0 && platform !== GPU_PLATFORM) {
    return `onnxruntime-node has no ${title} libraries for ${platform}, only for ${GPU_PLATFORM}.`;
  }
  if (missingFiles.length > 0) {
    return (
      `The ${title} libraries of onnxruntime-node are not installed (${missingFiles.join(', ')}): run "${INSTALL}" where the ` +
      'service is installed; docs/gpu.md says what else they need.'
    );
  }
  const missing = library.missingLibraries.filter((file) => !DRIVER_LIBRARY.test(file));
  if (missing.length === 0) return undefined;
  return (
    `Libraries that the ${title} provider needs are not found: ${missing.join(', ')}. Install the version of CUDA, cuDNN or ` +
    'TensorRT that they belong to, or name their folder in LD_LIBRARY_PATH.'
  );
}

/** That the driver's own library is not found, and what to do; undefined when it is, or is not known to be missing. */
export function driverLibraryProblem({ missingLibraries }: ProviderLibrary): string | undefined {
  const missing = missingLibraries.find((file) => DRIVER_LIBRARY.test(file));
  return missing === undefined ? undefined : `The NVIDIA driver's library ${missing} is not found. ${DRIVER_ADVICE}`;
}

/** Where a driver comes from. */
export const DRIVER_ADVICE =
  'Install the driver; a container gets it from the host, by --gpus all or, in Kubernetes, by asking for nvidia.com/gpu, and ' +
  'NVIDIA_DRIVER_CAPABILITIES has to hold compute.';
