"""Builds the PyTorch model that everything else is held to, and gathers what the export needs to know about it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import open_clip
import torch
from open_clip.transform import PreprocessCfg, image_transform_v2

from tokenizers_of import tokenizer_of


@dataclass
class Architecture:
    """An open_clip model in evaluation mode, with its own preprocessing; nothing of it is changed by the export."""

    name: str
    weights: str
    model: torch.nn.Module
    text_config: dict[str, Any]
    preprocess_config: PreprocessCfg
    preprocess: Callable
    tokenizer: Any

    @property
    def text_tower(self):
        """`CLIP` keeps the parts of its text tower in itself, `CustomTextCLIP` and CoCa in `.text`."""
        return getattr(self.model, "text", self.model)

    @property
    def dimension(self) -> int:
        return self.embed_images(torch.zeros(1, 3, self.image_size, self.image_size)).shape[1]

    @property
    def image_size(self) -> int:
        size = self.preprocess_config.size
        return size if isinstance(size, int) else size[0]

    @property
    def logit_scale(self) -> float:
        return float(self.model.logit_scale.exp().item())

    @torch.inference_mode()
    def embed_images(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.model.encode_image(pixels)

    @torch.inference_mode()
    def embed_texts(self, texts: list[str]) -> torch.Tensor:
        return self.model.encode_text(self.tokenizer(texts))


def add_model_arguments(parser):
    """The arguments that say which model it is; two programs that get the same ones build the same weights."""
    parser.add_argument("--architecture", default="ViT-B-32-quickgelu", help="a name that open_clip knows (default %(default)s, which is what OpenAI's ViT-B/32 is)")
    parser.add_argument("--checkpoint", type=Path, help="a local state dict (.pt, .safetensors); without one the weights are random")
    parser.add_argument("--seed", type=int, default=0, help="of the random weights (default %(default)s)")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json, for architectures that do not use CLIP's own vocabulary")
    parser.add_argument("--preprocess", type=json.loads, default={}, metavar="JSON", help='overrides open_clip\'s preprocessing, as {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize_mode": "squash"}')


def open_architecture(arguments) -> Architecture:
    """Exits with a sentence when open_clip does not know the name or the checkpoint does not fit it."""
    config = open_clip.get_model_config(arguments.architecture)
    if config is None:
        raise SystemExit(f"open_clip knows no architecture {arguments.architecture}; some that it knows: {', '.join(open_clip.list_models()[:8])} …")
    torch.manual_seed(arguments.seed)
    model = open_clip.create_model(
        arguments.architecture,
        pretrained=str(arguments.checkpoint) if arguments.checkpoint else None,
        pretrained_text=False,
        force_preprocess_cfg=arguments.preprocess,
    ).eval()
    model.requires_grad_(False)
    preprocess_config = PreprocessCfg(**model.visual.preprocess_cfg)
    return Architecture(
        name=arguments.architecture,
        weights=f"sha256 {sha256(arguments.checkpoint)}" if arguments.checkpoint else f"random, seed {arguments.seed}",
        model=model,
        text_config=config["text_cfg"],
        preprocess_config=preprocess_config,
        preprocess=image_transform_v2(preprocess_config, is_train=False),
        tokenizer=tokenizer_of(config["text_cfg"], arguments.tokenizer),
    )


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
