"""
Writes golden.json into a model folder that came without one, from its own ONNX files: vectors by onnxruntime in Python,
pictures read by Pillow, ids by Python's tokenizers. Such a file tells whether the service computes what the Python world
computes with these files, and whether they are still whole; it cannot tell whether they are what their author meant.

    node tools/export/run.mjs golden_of_folder.py models/mini-clip
"""

import argparse
import io
import json
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import onnxruntime
import torch
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

from golden import Golden, golden_inputs, write_golden
from onnx_vectors import OnnxFolder
from tokenizers_of import CONTEXT_LENGTH_DEFAULT, FileTokenizer
from variants import LOAD_COSINE_MIN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cosine-min", type=float, default=LOAD_COSINE_MIN["fp32"])
    arguments = parser.parse_args()
    folder = arguments.folder
    config = json.loads((folder / "config.json").read_text())
    texts, pictures = golden_inputs()
    files, transform = OnnxFolder(folder), transform_of(json.loads((folder / "preprocess_config.json").read_text()))
    tokenizer = FileTokenizer(folder / "tokenizer.json", config.get("context_length", CONTEXT_LENGTH_DEFAULT))
    golden = Golden(
        model=config.get("name", folder.name),
        weights="those of the folder",
        made_by=f"onnxruntime {onnxruntime.__version__} in Python, float32",
        texts=texts,
        text_vectors=files.embed_texts(tokenizer(texts), tokenizer.pad_id),
        pictures=pictures,
        picture_vectors=files.embed_images(torch.stack([transform(Image.open(io.BytesIO(png))) for png in pictures])),
    )
    write_golden(folder / "golden.json", golden, arguments.cosine_min)


def transform_of(config: dict):
    """For the plain case: the short side to S, the centre square of S, bicubic."""
    side = config["crop_size"]["height"]
    if config["size"].get("shortest_edge") != side or config.get("resample", 3) != 3:
        raise SystemExit("Only models that resize bicubically to the side of their crop are known here.")
    return image_transform_v2(PreprocessCfg(size=side, mean=config["image_mean"], std=config["image_std"]), is_train=False)


if __name__ == "__main__":
    main()
