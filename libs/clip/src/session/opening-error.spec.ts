import { describe, expect, it } from 'vitest';
import { openingError, runningError, type FailedOpening } from './opening-error.js';
import { notFoundIn, type ProviderLibrary } from './provider-library.js';

// What onnxruntime-node 1.30.0 says on Linux x64, with the provider libraries of the same build: without them, without
// CUDA,
// without a driver, and with a library in the driver's place that gives CUDA's error codes.
const NOT_LOADED = 'Error: OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library';
const TENSORRT_NOT_LOADED = 'Error: OrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library';
const cudaFailure = (numberAndText: string) =>
  'Error: /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 std::conditional_t<THRW, void, ' +
  'onnxruntime::common::Status> onnxruntime::CudaCall(ERRTYPE, const char*, const char*, SUCCTYPE, const char*, const char*, ' +
  'int) [with ERRTYPE = cudaError; bool THRW = true; SUCCTYPE = cudaError; std::conditional_t<THRW, void, common::Status> = ' +
  `void] CUDA failure ${numberAndText} ; GPU=-1 ; hostname=vm ; ` +
  'file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider.cc ; line=352 ; ' +
  'expr=cudaSetDevice(info_.device_id); ';
const LINKER_LIST = `	linux-vdso.so.1 (0x00007fcb2aff9000)
	libcublasLt.so.13 => not found
	libcublas.so.13 => not found
	libcurand.so.10 => not found
	libcudart.so.13 => not found
	libcuda.so.1 => not found
	libdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007fcb2afe0000)
	libstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007fcb16a00000)
	/lib64/ld-linux-x86-64.so.2 (0x00007fcb2affb000)
`;

function libraryWith(changes: Partial<ProviderLibrary> = {}): ProviderLibrary {
  return { platform: 'linux/x64', missingFiles: [], missingLibraries: [], ...changes };
}

function textOf(failure: Partial<FailedOpening> & { cause: string }): string {
  const given = { path: '/srv/models/vit/visual.onnx', provider: { name: 'cuda', deviceId: 3 }, library: undefined };
  const error = openingError({ ...given, ...failure } as FailedOpening);
  expect(error.code).toBe('unavailable');
  expect(error.message).not.toMatch(/\/srv|onnxruntime_src|hostname/);
  return error.message;
}

describe('a session that does not open on a GPU', () => {
  it('says which files are not installed, and how they are', () => {
    const library = libraryWith({ missingFiles: ['libonnxruntime_providers_cuda.so'] });
    expect(textOf({ cause: NOT_LOADED, library })).toBe(
      'The model cannot run on cuda:3. The CUDA libraries of onnxruntime-node are not installed ' +
        '(libonnxruntime_providers_cuda.so): run "ONNXRUNTIME_NODE_INSTALL=true node ' +
        'node_modules/onnxruntime-node/script/install" where the service is installed; docs/gpu.md says what else they need. ' +
        'Or place the model on cpu.',
    );
  });

  it('says that there are none for this platform', () => {
    const library = libraryWith({ platform: 'darwin/arm64', missingFiles: ['libonnxruntime_providers_cuda.so'] });
    expect(textOf({ cause: NOT_LOADED, library })).toContain(
      'onnxruntime-node has no CUDA libraries for darwin/arm64, only for linux/x64.',
    );
  });

  it('names the libraries of CUDA and TensorRT that the linker does not find', () => {
    const library = libraryWith({ missingLibraries: notFoundIn(LINKER_LIST) });
    expect(textOf({ cause: NOT_LOADED, library })).toContain(
      'needs are not found: libcublasLt.so.13, libcublas.so.13, libcurand.so.10, libcudart.so.13.',
    );
    const provider = { name: 'tensorrt', deviceId: 0 } as const;
    const ofTensorrt = libraryWith({ missingLibraries: ['libnvinfer.so.10'] });
    expect(textOf({ cause: TENSORRT_NOT_LOADED, provider, library: ofTensorrt })).toContain(
      'tensorrt:0. Libraries that the TensorRT provider needs are not found: libnvinfer.so.10.',
    );
  });

  it('says that there is no driver when only its library is missing', () => {
    const library = libraryWith({ missingLibraries: ['libcuda.so.1'] });
    expect(textOf({ cause: NOT_LOADED, library })).toContain(
      "The NVIDIA driver's library libcuda.so.1 is not found. Install the driver; a container gets it from the host",
    );
  });

  it('suspects the version of a library that has all it needs and does not load', () => {
    expect(textOf({ cause: NOT_LOADED, library: libraryWith() })).toContain('of the same version');
  });

  it.each([
    ['100: no CUDA-capable device is detected', 'The NVIDIA driver sees no GPU'],
    ['101: invalid device ordinal', 'There is no GPU 3. Cards are counted from 0'],
    ['2: out of memory', 'The memory of GPU 3 does not suffice'],
    [
      '35: CUDA driver version is insufficient for CUDA runtime version',
      'The NVIDIA driver is too old: CUDA 13 needs 580 or newer.',
    ],
    ['34: CUDA driver is a stub library', 'is a stub for compiling'],
    ['3: initialization error', 'The NVIDIA driver does not start'],
    ['803: system has unsupported display driver / cuda driver combination', 'The NVIDIA driver does not start'],
    ['999: unknown error', 'The NVIDIA driver does not start'],
    ['700: an illegal memory access was encountered', 'The log has the reason in full'],
  ])('tells CUDA failure %s in words', (failure, words) => {
    expect(textOf({ cause: cudaFailure(failure), library: libraryWith() })).toContain(words);
  });

  it('blames the file, not the card, when the file is what does not load', () => {
    const cause = 'Error: Load model from /srv/models/vit/visual.onnx failed:Protobuf parsing failed.';

    expect(textOf({ cause })).toContain('one of its ONNX files does not load');
  });

  it('keeps the words of ONNX Runtime and the missing files for the log', () => {
    const library = libraryWith({ missingLibraries: ['libcuda.so.1'] });
    const provider = { name: 'cuda', deviceId: 0 } as const;
    const error = openingError({ path: '/srv/visual.onnx', provider, cause: NOT_LOADED, library });

    expect(error.internal).toBe(`/srv/visual.onnx: ${NOT_LOADED}; missing: libcuda.so.1`);
  });
});

describe('a run that fails on a GPU', () => {
  const provider = { name: 'cuda', deviceId: 1 } as const;

  it.each([
    ['Failed to allocate memory for requested buffer of size 308281344', 'The memory of GPU 1 does not suffice'],
    ['cuDNN is not available. Install cuDNN, update the system library search path, or set', 'cuDNN 9 is not found'],
  ])('is told in words: %s', (cause, words) => {
    expect(runningError(provider, new Error(cause))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`The model cannot run on cuda:1. ${words}`),
      internal: `Error: ${cause}`,
    });
  });

  it('stays what it is when it is none of these, or on the CPU', () => {
    const [unknown, memory] = [new Error('a shape is wrong'), new Error('out of memory')];

    expect(runningError(provider, unknown)).toBe(unknown);
    expect(runningError('cpu', memory)).toBe(memory);
  });
});
