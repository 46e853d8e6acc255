import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GpuProviderName } from './provider.js';
import { inspectProviderLibrary, inspectPackage, type PackagePlace } from './provider-library.js';

const BINDING = 'onnxruntime_binding.node';
const SHARED = 'libonnxruntime_providers_shared.so';
const CUDA = 'libonnxruntime_providers_cuda.so';
const TENSORRT = 'libonnxruntime_providers_tensorrt.so';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cas-libraries-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(version: string, ...files: string[]): string {
  const binaries = join(folder, 'bin', version, 'linux/x64');
  mkdirSync(binaries, { recursive: true });
  for (const file of files) writeFileSync(join(binaries, file), '');
  return binaries;
}

function look(name: GpuProviderName, place: Partial<PackagePlace> = {}, env: NodeJS.ProcessEnv = {}) {
  return inspectPackage({ folder, system: 'linux', processor: 'x64', ...place }, name, env);
}

describe('the files of a GPU provider', () => {
  it('are all there after the install script', async () => {
    install('napi-v6', BINDING, SHARED, CUDA, TENSORRT);
    expect(await look('cuda')).toEqual({ platform: 'linux/x64', missingFiles: [], missingLibraries: [] });
    expect((await look('tensorrt')).missingFiles).toEqual([]);
  });

  it('are named one by one when they are missing; TensorRT wants those of CUDA too', async () => {
    install('napi-v6', BINDING, SHARED);
    expect((await look('cuda')).missingFiles).toEqual([CUDA]);
    expect((await look('tensorrt')).missingFiles).toEqual([CUDA, TENSORRT]);
  });

  it('count only beside the binding that is loaded', async () => {
    install('napi-v3', SHARED, CUDA, TENSORRT);
    install('napi-v7', BINDING);
    expect((await look('cuda')).missingFiles).toEqual([SHARED, CUDA]);
  });

  it('are missing where the package has nothing for the platform, or is not there', async () => {
    install('napi-v6', BINDING, SHARED, CUDA);
    const elsewhere = { platform: 'linux/arm64', missingFiles: [SHARED, CUDA] };
    expect(await look('cuda', { processor: 'arm64' })).toMatchObject(elsewhere);
    expect((await look('cuda', { folder: undefined })).missingFiles).toEqual([SHARED, CUDA]);
  });

  it('are looked for in the package of this installation', async () => {
    expect((await inspectProviderLibrary('cuda')).platform).toBe(`${process.platform}/${process.arch}`);
  });
});

// The binding of onnxruntime-node asks for a library that lies beside it, so a copy elsewhere lacks one. Only this
// linker is asked.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'the libraries that a GPU provider needs',
  () => {
    const packageFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    const original = join(packageFolder, 'bin/napi-v6/linux/x64');

    beforeEach(() => copyFileSync(join(original, BINDING), join(install('napi-v6', BINDING, SHARED), CUDA)));

    it('are named when the dynamic linker does not find them', async () => {
      const missing = { missingFiles: [], missingLibraries: ['libonnxruntime.so.1'] };
      expect(await look('cuda')).toMatchObject(missing);
    });

    it('are looked for with the environment of the process that is to load them', async () => {
      expect((await look('cuda', {}, { LD_LIBRARY_PATH: original })).missingLibraries).toEqual([]);
    });
  },
);
