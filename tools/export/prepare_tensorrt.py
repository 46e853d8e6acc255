"""
Builds the TensorRT engines of a model folder on the machine whose GPU will run them (docs/gpu.md).

    node tools/export/run.mjs prepare_tensorrt.py /srv/models/vit-b-32

They go to /srv/models/vit-b-32/tensorrt/sm89-10.15.1, where the service finds them: sm89 is the type of the GPU (compute
capability 8.9), 10.15.1 the version of TensorRT. Engines run on no other type and under no other version.
"""

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import numpy as np
import onnxruntime

FORMAT = 1
TENSORRT_LIBRARY = "libnvinfer.so.10"
# What texts are tuned for: most are a sentence, whatever the context allows.
TYPICAL_TOKENS = 16
# Between the engines and ONNX Runtime's CUDA kernels on the same card; wrong engines are far below.
COSINE_MIN = 0.99


@dataclass
class Gpu:
    device: int
    name: str
    # `sm89` of compute capability 8.9.
    type: str


def main() -> None:
    arguments = parsed()
    # CUDA counts cards by speed otherwise, and nvidia-smi by their slots.
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
    gpu, version = gpu_of(arguments.device), tensorrt_version()
    target = arguments.folder / "tensorrt" / f"{gpu.type}-{version}"
    print(f"{target}: building for {gpu.name}, which takes minutes")
    work = target.with_name(f".{target.name}.part")
    shutil.rmtree(work, ignore_errors=True)  # ONNX Runtime writes no context file where it finds an engine
    work.mkdir(parents=True)
    sources = {"visual": arguments.folder / arguments.visual, "textual": arguments.folder / arguments.textual}
    try:
        for tower, source in sources.items():
            build(source, work / f"{tower}.onnx", gpu, arguments)
            check(tower, source, work / f"{tower}.onnx", gpu, arguments)
        (work / "prepared.json").write_text(json.dumps(facts(gpu, version, sources, arguments), indent=1) + "\n")
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{target}: done. The service takes it on tensorrt:{gpu.device} from its next start.")


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the model's folder")
    parser.add_argument("--device", type=int, default=0, help="the GPU's number, as nvidia-smi counts (default 0)")
    parser.add_argument("--batch-max", type=int, default=32, help="the largest batch; CAS_BATCH_ITEMS_MAX (default 32)")
    parser.add_argument("--context-length", type=int, help="most tokens of a text, where its axis is dynamic (default: config.json's, or 77)")
    parser.add_argument("--precision", choices=["fp16", "fp32"], default="fp16", help="what TensorRT may compute in (default fp16)")
    parser.add_argument("--visual", default="visual.onnx", help="inside the folder (default visual.onnx)")
    parser.add_argument("--textual", default="textual.onnx", help="inside the folder (default textual.onnx)")
    given = parser.parse_args(arguments)
    for file in (given.folder / given.visual, given.folder / given.textual):
        if not file.is_file():
            parser.error(f"there is no file {file}")
    if given.visual == given.textual:
        parser.error("a graph that holds both towers cannot be prepared; place it on cuda")
    given.context_length = given.context_length or context_length_of(given.folder)
    return given


def context_length_of(folder: Path) -> int:
    config = folder / "config.json"
    return json.loads(config.read_text()).get("context_length", 77) if config.is_file() else 77


def gpu_of(device: int) -> Gpu:
    command = ["nvidia-smi", "--query-gpu=compute_cap,name", "--format=csv,noheader", f"--id={device}"]
    try:
        line = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stdout", "") or str(error)).strip()
        raise SystemExit(f"There is no GPU {device} here that nvidia-smi knows: {reason}. Engines are built on the machine that runs them.")
    capability, name = (part.strip() for part in line.split(",", 1))
    return Gpu(device, name, f"sm{capability.replace('.', '')}")


def tensorrt_version() -> str:
    """Of the library that onnxruntime will load: NV_TENSORRT_VERSION is major * 10000 + minor * 100 + patch."""
    try:
        number = ctypes.CDLL(TENSORRT_LIBRARY).getInferLibVersion()
    except OSError as error:
        raise SystemExit(f"TensorRT 10 is not found ({error}). Install it, or name its folder in LD_LIBRARY_PATH.")
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def build(source: Path, target: Path, gpu: Gpu, arguments: argparse.Namespace) -> None:
    """Leaves `target`, a graph of one node, and the engine that it names beside it."""
    inputs = inputs_of(source)
    options = {
        "device_id": gpu.device,
        "trt_fp16_enable": arguments.precision == "fp16",
        "trt_layer_norm_fp32_fallback": arguments.precision == "fp16",
        "trt_engine_cache_enable": True,
        "trt_dump_ep_context_model": True,
        "trt_ep_context_file_path": str(target),
        "trt_ep_context_embed_mode": 0,
        "trt_profile_min_shapes": profile(inputs, 1, 1),
        "trt_profile_opt_shapes": profile(inputs, arguments.batch_max, min(TYPICAL_TOKENS, arguments.context_length)),
        "trt_profile_max_shapes": profile(inputs, arguments.batch_max, arguments.context_length),
    }
    opened(source, [("TensorrtExecutionProvider", options), ("CUDAExecutionProvider", {"device_id": gpu.device})])
    if not target.is_file():
        raise SystemExit(f"TensorRT does not take the whole of {source.name}; place the model on cuda.")


def inputs_of(source: Path) -> list:
    """Names, types and axes; the CPU is asked since it takes any graph without building anything."""
    return onnxruntime.InferenceSession(str(source), providers=["CPUExecutionProvider"]).get_inputs()


def shape_of(axes: list, batch: int, tokens: int) -> list[int]:
    """Axes that the file leaves open: the first is the batch, another is the tokens of texts."""
    return [axis if isinstance(axis, int) else batch if place == 0 else tokens for place, axis in enumerate(axes)]


def profile(inputs: list, batch: int, tokens: int) -> str:
    """`input_ids:32x77,attention_mask:32x77`, as TensorRT's options want it."""
    return ",".join(f"{one.name}:{'x'.join(map(str, shape_of(one.shape, batch, tokens)))}" for one in inputs)


def check(tower: str, source: Path, prepared: Path, gpu: Gpu, arguments: argparse.Namespace) -> None:
    """Loads the engine as the service will, at the least and at the largest shape, and compares with CUDA."""
    cuda = opened(source, [("CUDAExecutionProvider", {"device_id": gpu.device})])
    engine = opened(prepared, [("TensorrtExecutionProvider", {"device_id": gpu.device})])
    worst = 1.0
    for batch, tokens in ((1, 8), (arguments.batch_max, arguments.context_length)):
        feeds = {one.name: example(one, shape_of(one.shape, batch, tokens)) for one in cuda.get_inputs()}
        worst = min(worst, cosines(cuda.run(None, feeds)[0], engine.run(None, feeds)[0]).min())
    print(f"{tower}: least cosine with CUDA {worst:.6f}")
    if worst < COSINE_MIN:
        raise SystemExit(f"The {tower} engine is further from CUDA's vectors than {COSINE_MIN}; try --precision fp32.")


def example(one, shape: list[int]) -> np.ndarray:
    """Noise for pictures; for ids, small numbers that every vocabulary has; for masks, ones."""
    random = np.random.default_rng(0)
    if "float" in one.type:
        return random.standard_normal(shape).astype(np.float16 if "float16" in one.type else np.float32)
    if "uint8" in one.type:
        return random.integers(0, 256, shape).astype(np.uint8)
    whole = np.int64 if "int64" in one.type else np.int32
    return np.ones(shape, whole) if "mask" in one.name else random.integers(1, 400, shape).astype(whole)


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    one, other = one.astype(np.float64), other.astype(np.float64)
    return (one * other).sum(axis=1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1))


def opened(path: Path, providers: list) -> onnxruntime.InferenceSession:
    session = onnxruntime.InferenceSession(str(path), providers=providers)
    wanted = providers[0][0]
    if session.get_providers()[0] != wanted:
        raise SystemExit(f"{wanted} does not start; the lines above say which library it misses. It wants CUDA 13, cuDNN 9 and TensorRT 10.")
    return session


def facts(gpu: Gpu, version: str, sources: dict[str, Path], arguments: argparse.Namespace) -> dict:
    return {
        "format": FORMAT,
        "gpu": gpu.name,
        "gpu_type": gpu.type,
        "tensorrt": version,
        "onnxruntime": onnxruntime.__version__,
        "precision": arguments.precision,
        "batch_max": arguments.batch_max,
        "sources": {tower: digest_of(source) for tower, source in sources.items()},
    }


def digest_of(source: Path) -> str:
    """SHA-256 of an ONNX file and of the weights that may lie beside it: by it the service sees that engines are out of date."""
    digest = hashlib.sha256()
    for file in (source, Path(f"{source}.data"), Path(f"{source}_data")):
        if file.is_file():
            with file.open("rb") as content:
                for chunk in iter(lambda: content.read(1 << 20), b""):
                    digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    main()
