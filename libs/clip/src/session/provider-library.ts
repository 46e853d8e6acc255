import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GpuProviderName } from './provider.js';

/** The state of a provider's library on this machine. */
export interface ProviderLibrary {
  /** Node's names of system and processor, such as `linux/x64`. */
  readonly platform: string;
  /** Its files that are missing: onnxruntime-node's npm package lacks them. Empty when it is installed. */
  readonly missingFiles: readonly string[];
  /** Libraries that it needs and that the dynamic linker does not find, such as `libcudart.so.13`. */
  readonly missingLibraries: readonly string[];
}

/**
 * The folder of onnxruntime-node's package (undefined when there is none), and Node's names of system and processor.
 */
export interface PackagePlace {
  readonly folder: string | undefined;
  readonly system: string;
  readonly processor: string;
}

/**
 * Finds out what a provider lacks to be loaded into a process with this environment; ONNX Runtime itself writes it to
 * its log only. Never rejects. Where the linker cannot be asked, no library counts as missing.
 *
 * @example
 * libraryProblem('cuda', await inspectProviderLibrary('cuda')); // undefined, or what to install
 */
export function inspectProviderLibrary(
  name: GpuProviderName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProviderLibrary> {
  return inspectPackage({ folder: packageFolder(), system: process.platform, processor: process.arch }, name, env);
}

/** Does the work of `inspectProviderLibrary` for a given package. */
export async function inspectPackage(
  { folder, system, processor }: PackagePlace,
  name: GpuProviderName,
  env: NodeJS.ProcessEnv,
): Promise<ProviderLibrary> {
  const platform = `${system}/${processor}`;
  const files = PARTS[name].map((part) => fileName(part, system));
  const binaries = folder === undefined ? undefined : binaryFolder(folder, platform);
  if (binaries === undefined) return { platform, missingFiles: files, missingLibraries: [] };
  const missingFiles = files.filter((file) => !existsSync(join(binaries, file)));
  if (missingFiles.length > 0) return { platform, missingFiles, missingLibraries: [] };
  const missing = await Promise.all(files.map((file) => askLinker(join(binaries, file), env)));
  return { platform, missingFiles, missingLibraries: [...new Set(missing.flat())] };
}

/** A session on TensorRT also loads CUDA, for the parts of a graph that TensorRT does not take. */
const PARTS: Readonly<Record<GpuProviderName, readonly string[]>> = {
  cuda: ['shared', 'cuda'],
  tensorrt: ['shared', 'cuda', 'tensorrt'],
};

function packageFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch {
    return undefined;
  }
}

/**
 * Finds `bin/napi-v6/linux/x64`, where ONNX Runtime looks for providers; the version of Node-API in the name may
 * change.
 */
function binaryFolder(folder: string, platform: string): string | undefined {
  const bin = join(folder, 'bin');
  const versions = existsSync(bin) ? readdirSync(bin).filter((name) => name.startsWith('napi-v')) : [];
  const folders = versions.map((version) => join(bin, version, platform));
  return folders.find((candidate) => existsSync(join(candidate, 'onnxruntime_binding.node')));
}

function fileName(part: string, system: string): string {
  return system === 'win32' ? `onnxruntime_providers_${part}.dll` : `libonnxruntime_providers_${part}.so`;
}

/** glibc's linker on x64, the only platform with providers. */
const LINKER = '/lib64/ld-linux-x86-64.so.2';
const ASKED_MS_MAX = 10_000;

/** Asks the linker as `ldd` does, but without a shell: many container images have none. */
async function askLinker(file: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const options = { env: { ...env, LD_TRACE_LOADED_OBJECTS: '1' }, timeout: ASKED_MS_MAX };
  return promisify(execFile)(LINKER, [file], options).then(
    ({ stdout }) => notFoundIn(stdout),
    () => [],
  );
}

/** Reads the missing libraries from the linker's list, whose lines are `libcudart.so.13 => not found`. */
export function notFoundIn(list: string): string[] {
  return [...list.matchAll(/^\s*(\S+) => not found$/gm)].flatMap(([, library]) => library ?? []);
}

/** The names of providers in sentences. */
export const PROVIDER_TITLES: Readonly<Record<GpuProviderName, string>> = { cuda: 'CUDA', tensorrt: 'TensorRT' };

/** The one platform for which onnxruntime-node's install script fetches providers (its script/install-metadata.js). */
const GPU_PLATFORM = 'linux/x64';
/** Not `npm rebuild`: npm 11 runs no script that `allowScripts` of package.json forbids, and says nothing of it. */
const INSTALL = 'ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install';
/** The library of the driver's package, which the NVIDIA container toolkit adds to containers. */
const DRIVER_LIBRARY = /^libcuda\.so/;

/** Says what a provider lacks to be loaded and what to do; undefined when it has all but, perhaps, the driver. */
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

/** Says that the driver's library is missing and what to do; undefined when it is not known to be missing. */
export function driverLibraryProblem({ missingLibraries }: ProviderLibrary): string | undefined {
  const missing = missingLibraries.find((file) => DRIVER_LIBRARY.test(file));
  return missing === undefined ? undefined : `The NVIDIA driver's library ${missing} is not found. ${DRIVER_ADVICE}`;
}

/** How to get a driver. */
export const DRIVER_ADVICE =
  'Install the driver; a container gets it from the host, by --gpus all or, in Kubernetes, by asking for nvidia.com/gpu, and ' +
  'NVIDIA_DRIVER_CAPABILITIES has to hold compute.';
