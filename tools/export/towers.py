"""The two graphs of a model folder, as PyTorch modules: pictures to vectors and ids to vectors, neither normalised."""

import copy

import torch
from torch import nn

from architecture import Architecture
from attention import replace_attention


class VisualTower(nn.Module):
    """float32 [batch, 3, S, S] to [batch, D]."""

    def __init__(self, architecture: Architecture, fused: bool):
        super().__init__()
        self.visual = copy.deepcopy(architecture.model.visual)
        blocks = replace_attention(self.visual, fused, causal=False)
        self.fused_blocks = blocks if fused else 0

    def forward(self, pixel_values):
        features = self.visual(pixel_values)
        return features[0] if isinstance(features, tuple) else features


class CausalTextTower(nn.Module):
    """
    int32 ids [batch, L] to [batch, D] for any L up to the context length. What follows a text's end token cannot reach
    it under a causal mask, so a row that is cut there gives the same vector as one that is padded to the context length.
    """

    def __init__(self, architecture: Architecture, fused: bool):
        super().__init__()
        text = copy.deepcopy(architecture.text_tower)
        if hasattr(text, "visual"):
            del text.visual
        self.text = text
        self.fused = fused
        self.end_id = end_id_of(text)
        blocks = replace_attention(text.transformer, fused, causal=True)
        self.fused_blocks = blocks if fused else 0

    def forward(self, input_ids):
        text, length = self.text, input_ids.shape[1]
        x = text.token_embedding(input_ids) + text.positional_embedding[:length]
        mask = None if self.fused else text.attn_mask[:length, :length]
        x = text.transformer(x, attn_mask=mask)
        return project(text, text.ln_final(self.at_end(x, input_ids)))

    def at_end(self, x, input_ids):
        """
        The state at the first end token, [batch, width]. The end token is the largest id where none is named. The ids are
        never made floats: half of a float could not tell the start token from the end token.
        """
        end = input_ids.amax(dim=1, keepdim=True) if self.end_id is None else self.end_id
        position = (input_ids == end).float().argmax(dim=1)
        return x.gather(1, position[:, None, None].expand(-1, 1, x.shape[2])).squeeze(1)


class WholeTextTower(nn.Module):
    """int32 ids [batch, context length] to [batch, D], for towers in which padding counts (SigLIP, CoCa, MobileCLIP)."""

    fused_blocks = 0

    def __init__(self, architecture: Architecture):
        super().__init__()
        self.model = architecture.model

    def forward(self, input_ids):
        return self.model.encode_text(input_ids.long())


def textual_tower(architecture: Architecture, fused: bool) -> nn.Module:
    return CausalTextTower(architecture, fused) if is_causal(architecture) else WholeTextTower(architecture)


def is_causal(architecture: Architecture) -> bool:
    """Whether a text's vector depends on nothing after its end token."""
    text = architecture.text_tower
    return (
        getattr(text, "attn_mask", None) is not None
        and getattr(text, "cls_emb", None) is None
        and pooling_of(text) in ("argmax", "eos")
        and hasattr(text, "token_embedding")
    )


def pooling_of(text: nn.Module) -> str | None:
    return getattr(text, "text_pool_type", None) or getattr(text, "pool_type", None)


def end_id_of(text: nn.Module) -> int | None:
    if pooling_of(text) != "eos":
        return None
    return getattr(text, "text_eos_id", None) or getattr(text, "eos_id", None)


def project(text: nn.Module, pooled: torch.Tensor) -> torch.Tensor:
    projection = text.text_projection
    if projection is None:
        return pooled
    return projection(pooled) if isinstance(projection, nn.Linear) else pooled @ projection
