"""The small files of a model folder: what the service reads beside the two graphs."""

import json
from dataclasses import asdict
from pathlib import Path

import open_clip
import torch

from architecture import Architecture
from towers import is_causal

RESAMPLE = {"bilinear": 2, "bicubic": 3}


def write_small_files(folder: Path, name: str, variant: str, fused: bool, architecture: Architecture) -> None:
    """config.json, preprocess_config.json and tokenizer.json."""
    (folder / "config.json").write_text(_json(_config(name, variant, fused, architecture)))
    (folder / "preprocess_config.json").write_text(_json(_preprocess(architecture)))
    (folder / "tokenizer.json").write_text(architecture.tokenizer.json(), encoding="utf-8")


def _config(name: str, variant: str, fused: bool, architecture: Architecture) -> dict:
    text = architecture.text_config
    kept = {key: text[key] for key in ("pool_type", "no_causal_mask", "tokenizer_kwargs") if key in text}
    return {
        "name": name,
        "projection_dim": architecture.dimension,
        "image_size": architecture.image_size,
        "context_length": architecture.tokenizer.context_length,
        "logit_scale": architecture.logit_scale,
        "normalized": False,
        "text_cfg": kept,
        "exported": {
            "architecture": architecture.name,
            "weights": architecture.weights,
            "variant": variant,
            "fused": fused,
            "dynamic_sequence": is_causal(architecture),
            "open_clip": open_clip.__version__,
            "torch": torch.__version__.split("+")[0],
        },
    }


def _preprocess(architecture: Architecture) -> dict:
    """As Hugging Face's CLIPImageProcessor, with open_clip's word for how the square is taken."""
    config, side = architecture.preprocess_config, architecture.image_size
    if config.interpolation not in RESAMPLE or config.resize_mode not in ("shortest", "squash"):
        raise SystemExit(f"The service cannot preprocess as this architecture wants it: {asdict(config)}")
    squash = config.resize_mode == "squash"
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True,
        "size": {"height": side, "width": side} if squash else {"shortest_edge": side},
        "resize_mode": config.resize_mode,
        "resample": RESAMPLE[config.interpolation],
        "do_center_crop": not squash,
        **({} if squash else {"crop_size": {"height": side, "width": side}}),
        "do_convert_rgb": True,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(config.mean),
        "image_std": list(config.std),
    }


def _json(value: dict) -> str:
    return json.dumps(value, indent=1) + "\n"
