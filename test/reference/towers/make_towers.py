"""
Makes tiny ONNX towers whose axes and types differ from mini-clip's, and whose answers can be worked out by hand.

    pip install onnx==1.23.2
    python test/reference/towers/make_towers.py

visual-fixed.onnx    picture [3, 3, 4, 4] (batch fixed to 3), answers the mean of each channel
textual-fixed.onnx   ids and mask int32 [2, 8] (batch and sequence fixed), answers [sum of masked ids, tokens, width]
textual-masked.onnx  ids and mask int64, all axes dynamic, the same answers
textual-half.onnx    as textual-masked, but answers in float16
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent
I32, I64, F32, F16 = TensorProto.INT32, TensorProto.INT64, TensorProto.FLOAT, TensorProto.FLOAT16


def save(name, nodes, inputs, output, constants=()):
    values = [helper.make_tensor_value_info(key, kind, shape) for key, kind, shape in inputs]
    result = helper.make_tensor_value_info(*output)
    graph = helper.make_graph(nodes, name, values, [result], list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / f"{name}.onnx")


def visual():
    nodes = [helper.make_node("ReduceMean", ["picture"], ["vector"], axes=[2, 3], keepdims=0)]
    save("visual-fixed", nodes, [("picture", F32, [3, 3, 4, 4])], ("vector", F32, [3, 3]))


def textual(name, kind, shape, out):
    one = helper.make_tensor("axis", I64, [1], [1])
    nodes = [
        helper.make_node("Cast", ["tokens"], ["ids"], to=F32),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=F32),
        helper.make_node("Mul", ["ids", "mask"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "axis"], ["sum"], keepdims=1),
        helper.make_node("ReduceSum", ["mask", "axis"], ["count"], keepdims=1),
        helper.make_node("Mul", ["mask", "zero"], ["zeros"]),
        helper.make_node("Add", ["zeros", "one"], ["ones"]),
        helper.make_node("ReduceSum", ["ones", "axis"], ["width"], keepdims=1),
        helper.make_node("Concat", ["sum", "count", "width"], ["exact"], axis=1),
        helper.make_node("Cast", ["exact"], ["text_embeds"], to=out),
    ]
    constants = [one, helper.make_tensor("zero", F32, [], [0.0]), helper.make_tensor("one", F32, [], [1.0])]
    inputs = [("attention_mask", kind, shape), ("tokens", kind, shape)]
    save(name, nodes, inputs, ("text_embeds", out, [shape[0], 3]), constants)


if __name__ == "__main__":
    visual()
    textual("textual-fixed", I32, [2, 8], F32)
    textual("textual-masked", I64, ["rows", "tokens_per_row"], F32)
    textual("textual-half", I64, ["rows", "tokens_per_row"], F16)
