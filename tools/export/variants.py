"""What can be made of a float32 graph: fused operators, half precision, 8-bit weights."""

import tempfile
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

from graphs import SINGLE_FILE_BYTES_MAX, save_graph, weight_bytes

# The least cosine with PyTorch's float32 vectors that a variant is written with. 8-bit weights lose what the model's
# weights lose by it, which differs between models: that bound only tells a file that is broken.
EXPORT_COSINE_MIN = {"fp32": 0.9999, "fp16": 0.999, "int8": 0.95}
# What golden.json asks for when the service loads it: an angle some three times as wide, since other processors, TF32 and
# the service's own faster resampling of plain pictures come in between. Wrong files are far below.
LOAD_COSINE_MIN = {"fp32": 0.999, "fp16": 0.99, "int8": 0.9}


def fuse(graph: onnx.ModelProto) -> onnx.ModelProto:
    """
    ONNX Runtime's transformers optimizer without its attention patterns (attention was traced fused): skip connections
    with their layer norms, biases with their activations.
    """
    options = FusionOptions("clip")
    options.enable_attention = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.onnx")
        save_graph(graph, path)
        return optimize_model(str(path), model_type="clip", optimization_options=options, opt_level=0).model


def variant_of(graph: onnx.ModelProto, variant: str, reduce_range: bool) -> onnx.ModelProto:
    if variant == "fp16":
        return halved(graph)
    if variant == "int8":
        return quantized(graph, reduce_range)
    return graph


def halved(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Half precision inside, float32 outside: callers feed and read what they always do. Meant for GPUs."""
    copy = onnx.ModelProto()
    copy.CopyFrom(graph)
    large = weight_bytes(graph) > SINGLE_FILE_BYTES_MAX
    return convert_float_to_float16(copy, keep_io_types=True, disable_shape_infer=large)


def quantized(graph: onnx.ModelProto, reduce_range: bool) -> onnx.ModelProto:
    """
    8-bit weights, a scale for every column; activations are quantised on the run. Meant for CPUs with 8-bit dot products
    (VNNI): on those without, sums of two products can overflow 16 bits, which 7-bit weights (`reduce_range`) avoid.
    """
    excluded = products_with_vectors(graph)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.onnx"), Path(folder, "target.onnx")
        save_graph(graph, source)
        quantize_dynamic(
            source,
            target,
            op_types_to_quantize=["MatMul", "Attention"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduce_range,
            nodes_to_exclude=excluded,
            use_external_data_format=weight_bytes(graph) > SINGLE_FILE_BYTES_MAX,
            # Shape inference stops at operators that are ONNX Runtime's own; all that follows them is float32.
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        return onnx.load(str(target))


def products_with_vectors(graph: onnx.ModelProto) -> list[str]:
    """
    Names of the products whose weights are no matrix: with a scale for every column ONNX Runtime refuses to run these. Those
    without a name get one.
    """
    ranks = {tensor.name: len(tensor.dims) for tensor in graph.graph.initializer}
    found = [node for node in graph.graph.node if node.op_type == "MatMul" and ranks.get(node.input[1], 2) != 2]
    for node in found:
        node.name = node.name or f"product of {node.output[0]}"
    return [node.name for node in found]
