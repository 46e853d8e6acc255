"""PyTorch modules to ONNX files, and ONNX files that may outgrow 2 GB."""

import tempfile
from pathlib import Path

import onnx
import torch

from architecture import Architecture
from towers import CausalTextTower

# 17 is the first with LayerNormalization as one operator, and old enough for every runtime in use.
OPSET = 17
# A protobuf message ends at 2 GiB; what the graph itself and later changes need is left free.
SINGLE_FILE_BYTES_MAX = 1_900_000_000


def visual_graph(architecture: Architecture, tower: torch.nn.Module) -> onnx.ModelProto:
    """`pixel_values` float32 [batch, 3, S, S] to `image_embeds` float32 [batch, D]."""
    side = architecture.image_size
    pixels = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(0))
    return _trace(tower, pixels, "pixel_values", "image_embeds", {0: "batch"})


def textual_graph(architecture: Architecture, tower: torch.nn.Module) -> onnx.ModelProto:
    """`input_ids` int32 [batch, sequence] to `text_embeds` float32 [batch, D]; sequence is a number where it must be."""
    ids = architecture.tokenizer(["a photo of a cat", "two dogs"]).to(torch.int32)
    axes = {0: "batch", 1: "sequence"} if isinstance(tower, CausalTextTower) else {0: "batch"}
    return _trace(tower, ids, "input_ids", "text_embeds", axes)


def save_graph(graph: onnx.ModelProto, path: Path) -> None:
    """Weights go to a file beside the graph (`visual.onnx.data`) when both are too much for one."""
    if weight_bytes(graph) <= SINGLE_FILE_BYTES_MAX:
        onnx.save_model(graph, str(path))
        return
    data = path.with_name(f"{path.name}.data")
    data.unlink(missing_ok=True)  # onnx appends to what is there
    onnx.save_model(graph, str(path), save_as_external_data=True, all_tensors_to_one_file=True, location=data.name)
    onnx.load_external_data_for_model(graph, str(path.parent))  # saving took the weights out of the graph


def with_mask_input(graph: onnx.ModelProto) -> onnx.ModelProto:
    """
    `graph`, a textual one, with the input `attention_mask` int32 of the shape of `input_ids`, which nothing reads: the Python
    CLIP server feeds one to every model, and ONNX Runtime refuses what a graph does not name. A graph that has one stays as
    it is.
    """
    ids, *others = graph.graph.input
    if ids.name != "input_ids":
        raise SystemExit(f"The Python server feeds input_ids, and this graph takes {ids.name}.")
    if any("mask" in other.name for other in others):
        return graph
    mask = onnx.ValueInfoProto()
    mask.CopyFrom(ids)
    mask.name = "attention_mask"
    mask.type.tensor_type.elem_type = onnx.TensorProto.INT32
    graph.graph.input.append(mask)
    return graph


def weight_bytes(graph: onnx.ModelProto) -> int:
    return sum(len(tensor.raw_data) for tensor in graph.graph.initializer)


def _trace(tower, example, input_name, output_name, axes) -> onnx.ModelProto:
    # PyTorch's own fused attention has no counterpart in ONNX.
    torch.backends.mha.set_fastpath_enabled(False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.onnx")
        torch.onnx.export(
            tower.eval(),
            (example,),
            str(path),
            opset_version=OPSET,
            input_names=[input_name],
            output_names=[output_name],
            dynamic_axes={input_name: axes, output_name: {0: "batch"}},
            custom_opsets={"com.microsoft": 1} if tower.fused_blocks else None,
            dynamo=False,
        )
        return onnx.load(str(path))
