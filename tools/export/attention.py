"""Self-attention in a form that leaves PyTorch well: any batch, any length, and on request as ONNX Runtime's own operator."""

import math

import torch
from open_clip.transformer import ResidualAttentionBlock
from torch import nn


class FusedAttention(torch.autograd.Function):
    """
    Traced as one `com.microsoft.Attention` node, the operator to which ONNX Runtime's transformers optimizer fuses
    attention where it knows the pattern. Written directly, since the optimizer's CLIP pattern is that of another library
    and needs a fixed mask. `weight` is [C, 3C] and `bias` [3C]: queries, keys and values side by side.
    """

    @staticmethod
    def forward(ctx, x, weight, bias, heads, causal):
        return attend(x, weight, bias, heads, torch.full((x.shape[1], x.shape[1]), -math.inf).triu(1) if causal else None)

    @staticmethod
    def symbolic(g, x, weight, bias, heads, causal):
        node = g.op("com.microsoft::Attention", x, weight, bias, num_heads_i=heads, unidirectional_i=int(causal))
        node.setType(x.type())
        return node


class ExportableAttention(nn.Module):
    """Takes the place of `nn.MultiheadAttention` inside open_clip's blocks; same weights, same numbers."""

    def __init__(self, source: nn.MultiheadAttention, fused: bool, causal: bool):
        super().__init__()
        self.heads, self.fused, self.causal = source.num_heads, fused, causal
        self.register_buffer("weight", source.in_proj_weight.detach().t().contiguous())
        self.register_buffer("bias", source.in_proj_bias.detach())
        self.out_proj = source.out_proj

    def forward(self, query, key, value, need_weights=False, attn_mask=None):
        if self.fused:
            mixed = FusedAttention.apply(query, self.weight, self.bias, self.heads, self.causal)
        else:
            mixed = attend(query, self.weight, self.bias, self.heads, attn_mask)
        return self.out_proj(mixed), None


def attend(x, weight, bias, heads, mask):
    """softmax(q·kᵀ / √d + mask)·v for each head; x is [batch, length, width], the mask [length, length] or absent."""
    batch, length, width = x.shape
    depth = width // heads
    parts = (torch.matmul(x, weight) + bias).split(width, dim=-1)
    query, key, value = (part.reshape(batch, length, heads, depth).transpose(1, 2) for part in parts)
    scores = torch.matmul(query * depth**-0.5, key.transpose(-1, -2))
    if mask is not None:
        scores = scores + mask
    return torch.matmul(scores.softmax(dim=-1), value).transpose(1, 2).reshape(batch, length, width)


def replace_attention(tower: nn.Module, fused: bool, causal: bool) -> int:
    """
    Swaps the attention of every plain block of `tower` and says of how many. Towers of other builds (timm, ResNet,
    open_clip's custom blocks) keep theirs: they leave PyTorch well enough by themselves, unfused.
    """
    blocks = [block for block in tower.modules() if isinstance(block, ResidualAttentionBlock) and not hasattr(block, "ln_1_kv")]
    for block in blocks:
        if not block.attn.batch_first:
            raise SystemExit("This architecture puts the sequence axis first, which the export does not know.")
        block.attn = ExportableAttention(block.attn, fused, causal)
    return len(blocks)
