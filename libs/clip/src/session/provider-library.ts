import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GpuProviderName } from './provider.js';

/** A provider's library as it lies on this machine. */
export interface ProviderLibrary {
  /** Node's names of system and processor, such as `linux/x64`. */
  readonly platform: string;
  /** Those of its files that onnxruntime-node's npm package lacks and that nobody has added; none = it is installed. */
  readonly missingFiles: readonly string[];
  /** Libraries that an installed one asks for and that the dynamic linker does not find, such as `libcudart.so.13`. */
  readonly missingLibraries: readonly string[];
}

/**
 * A folder with onnxruntime-node's package, undefined = there is none, and the names that Node gives to the machine.
 */
export interface PackagePlace {
  readonly folder: string | undefined;
  readonly system: string;
  readonly processor: string;
}

/**
 * What a provider lacks to be loaded into a process with this environment; ONNX Runtime itself says so in its log only.
 * Never rejects; where the linker cannot be asked, no library is known to be missing.
 */
export function lookAtProviderLibrary(
  name: GpuProviderName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProviderLibrary> {
  return lookIntoPackage({ folder: packageFolder(), system: process.platform, processor: process.arch }, name, env);
}

/** `lookAtProviderLibrary` in a package of one's choice. */
export async function lookIntoPackage(
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

/** Sessions on TensorRT have CUDA beside it, for what it does not take of a graph. */
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

/** `bin/napi-v6/linux/x64`, where ONNX Runtime looks beside itself; the version of Node-API in the name may change. */
function binaryFolder(folder: string, platform: string): string | undefined {
  const bin = join(folder, 'bin');
  const versions = existsSync(bin) ? readdirSync(bin).filter((name) => name.startsWith('napi-v')) : [];
  const folders = versions.map((version) => join(bin, version, platform));
  return folders.find((candidate) => existsSync(join(candidate, 'onnxruntime_binding.node')));
}

function fileName(part: string, system: string): string {
  return system === 'win32' ? `onnxruntime_providers_${part}.dll` : `libonnxruntime_providers_${part}.so`;
}

/** Providers exist for Linux on x64 alone, where glibc's linker lies here. */
const LINKER = '/lib64/ld-linux-x86-64.so.2';
const ASKED_MS_MAX = 10_000;

/** What `ldd` does, without the shell that it needs: images without a shell are common. */
async function askLinker(file: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const options = { env: { ...env, LD_TRACE_LOADED_OBJECTS: '1' }, timeout: ASKED_MS_MAX };
  return promisify(execFile)(LINKER, [file], options).then(
    ({ stdout }) => notFoundIn(stdout),
    () => [],
  );
}

/** The libraries that the linker's list says are not found; its lines are `libcudart.so.13 => not found`. */
export function notFoundIn(list: string): string[] {
  return [...list.matchAll(/^\s*(\S+) => not found$/gm)].flatMap(([, library]) => library ?? []);
}

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
