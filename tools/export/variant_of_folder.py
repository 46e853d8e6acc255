"""
Makes a variant of a model folder that is there, a downloaded one too, without PyTorch's side of it: from its float32 ONNX files.

    node tools/export/run.mjs variant_of_folder.py data/models/ViT-B-16%3A%3Alaion400m_e32 --variant int8 --models /srv/models
"""

import argparse
import json
import logging
import shutil
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import numpy as np
import onnx
import onnxruntime

from graphs import save_graph, with_mask_input
from new_folder import new_folder, require_free
from variants import EXPORT_COSINE_MIN, LOAD_COSINE_MIN, variant_of

# Visual tower, textual tower and small files of the layouts that the service recognises (docs/models.md).
LAYOUTS = [
    ("visual.onnx", "textual.onnx", ["preprocess_config.json", "tokenizer.json", "tokenizer_config.json"]),
    ("visual/model.onnx", "textual/model.onnx", ["visual/preprocess_cfg.json", "textual/tokenizer.json", "textual/tokenizer_config.json"]),
    ("onnx/vision_model.onnx", "onnx/text_model.onnx", ["preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"]),
    ("onnx/model.onnx", "onnx/model.onnx", ["preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"]),
]


def main() -> None:
    arguments = parsed()
    visual, textual, small = layout_of(arguments.folder)
    model = model_name(arguments.folder)
    name = arguments.name or f"{model}@{arguments.variant}"
    target = require_free(arguments.models / name)
    if arguments.python_server and visual == textual:
        raise SystemExit("The Python server takes a file for each tower, and this model has one for both.")
    with new_folder(target) as partial:
        for path in dict.fromkeys([visual, textual]):
            graph = onnx.load(str(arguments.folder / path))
            if arguments.python_server and path == textual:
                with_mask_input(graph)
            variant = variant_of(graph, arguments.variant, arguments.reduce_range)
            if arguments.variant == "int8":
                require_quantized(variant, path)
            (partial / path).parent.mkdir(parents=True, exist_ok=True)
            save_graph(variant, partial / path)
        for path in ["config.json", "layout.json", *small]:
            if (arguments.folder / path).exists():
                (partial / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(arguments.folder / path, partial / path)
        for path in dict.fromkeys([visual, textual]):
            require_running(partial / path, side_of(arguments.folder / small[0]))
        copy_golden(arguments.folder, partial, LOAD_COSINE_MIN[arguments.variant])
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file()) / 1e6
    print(f"{target}: {arguments.variant}, {size:.0f} MB. What it costs: npx --no -- cas models compare '{model}' '{name}'")


def require_quantized(graph: onnx.ModelProto, path: str) -> None:
    """Only products with weights that lie in the file as float32 become 8-bit ones; convolutions stay as they are."""
    count = sum(node.op_type in ("MatMulInteger", "QAttention") for node in graph.graph.node)
    print(f"{path}: {count} products in 8 bits")
    if count == 0:
        raise SystemExit(f"Nothing in {path} could be held in 8 bits: a variant would be the same model again.")


def require_running(path: Path, side: int) -> None:
    """Some operators are refused only when they run: one blank item goes through."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    session.run(None, {each.name: blank(each, side) for each in session.get_inputs()})


def blank(tensor, side: int) -> np.ndarray:
    """For an input of pictures (of `side` pixels where the file leaves it open) or of ids and masks."""
    channels_last = len(tensor.shape) == 4 and tensor.shape[3] == 3
    pictures = [1, side, side, 3] if channels_last else [1, 3, side, side]
    free = pictures if len(tensor.shape) == 4 else [1, 8]
    shape = [axis if isinstance(axis, int) and axis > 0 else size for axis, size in zip(tensor.shape, free)]
    types = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8, "tensor(int32)": np.int32, "tensor(int64)": np.int64}
    return np.ones(shape, types[tensor.type])


def side_of(preprocess: Path) -> int:
    """In pixels, as Hugging Face or open_clip write it down."""
    config = json.loads(preprocess.read_text())
    crop = None if config.get("do_center_crop") is False else config.get("crop_size")
    size = crop or config["size"]
    if isinstance(size, dict):
        return size.get("height") or size["shortest_edge"]
    return size[0] if isinstance(size, list) else size


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of a float32 model, in any layout that the service knows")
    parser.add_argument("--models", type=Path, required=True, help="where the new folder goes: CAS_MODEL_DIR")
    parser.add_argument("--variant", choices=list(EXPORT_COSINE_MIN), required=True, help="what to make")
    parser.add_argument("--name", help="of the new folder (default: NAME@VARIANT, which requests may ask for)")
    parser.add_argument("--reduce-range", action="store_true", help="7-bit weights in int8, for CPUs without VNNI")
    parser.add_argument("--python-server", action="store_true", help="give the textual file the attention_mask that the Python CLIP server feeds")
    return parser.parse_args()


def layout_of(folder: Path) -> tuple[str, str, list[str]]:
    """The paths of the visual and the textual file and of the small ones besides config.json."""
    if (folder / "layout.json").exists():
        layout = json.loads((folder / "layout.json").read_text())
        return layout["visual"], layout["textual"], [layout[key] for key in ("preprocess", "tokenizer", "tokenizerConfig", "config")]
    for visual, textual, small in LAYOUTS:
        if (folder / visual).exists() and (folder / textual).exists():
            return visual, textual, small
    raise SystemExit(f"{folder} holds no ONNX files in a layout that is known.")


def model_name(folder: Path) -> str:
    """What a downloaded model is called; folders of CAS_MODEL_DIR are called what they are."""
    manifest = folder / "manifest.json"
    return json.loads(manifest.read_text())["model"] if manifest.exists() else folder.resolve().name


def copy_golden(folder: Path, target: Path, cosine_min: float) -> None:
    """The original's vectors are what the variant is held to, more loosely."""
    source = folder / "golden.json"
    if source.exists():
        golden = json.loads(source.read_text())
        (target / "golden.json").write_text(json.dumps({**golden, "cosine_min": min(golden["cosine_min"], cosine_min)}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # onnxruntime advises steps that gain nothing here
    main()
