"""
Exports an open_clip architecture to folders that the service loads (docs/export.md).

    node tools/export/run.mjs --models /srv/models --architecture ViT-B-32-quickgelu --variant fp32 fp16 int8 --fuse
"""

import argparse
import logging
import warnings
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

from architecture import Architecture, add_model_arguments, open_architecture
from folder import write_small_files
from golden import Golden, golden_of, pixels_of, write_golden
from graphs import save_graph, textual_graph, visual_graph, with_mask_input
from new_folder import new_folder, require_free
from onnx_vectors import OnnxFolder, cosines
from towers import VisualTower, textual_tower
from variants import EXPORT_COSINE_MIN, LOAD_COSINE_MIN, fuse, variant_of


def main() -> None:
    arguments = parsed()
    targets = {variant: target_of(arguments, variant) for variant in arguments.variant}
    architecture = open_architecture(arguments)
    golden = golden_of(architecture)
    graphs = traced(architecture, arguments.fuse)
    if arguments.python_server:
        with_mask_input(graphs["textual.onnx"])
    for variant, target in targets.items():
        with new_folder(target) as folder:
            for file, graph in graphs.items():
                save_graph(variant_of(graph, variant, arguments.reduce_range), folder / file)
            write_small_files(folder, target.name, variant, arguments.fuse, architecture)
            write_golden(folder / "golden.json", golden, arguments.cosine_min or LOAD_COSINE_MIN[variant])
            report(folder, target, variant, architecture, golden)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model_arguments(parser)
    parser.add_argument("--models", type=Path, required=True, help="the folder of model folders: CAS_MODEL_DIR")
    parser.add_argument("--name", help="of the model's folder (default: the architecture in lower case); variants add -fp16 and -int8")
    parser.add_argument("--variant", nargs="+", choices=list(EXPORT_COSINE_MIN), default=["fp32"], help="what to write, a folder each (default %(default)s)")
    parser.add_argument("--fuse", action="store_true", help="use ONNX Runtime's own fused operators; such files run in nothing else")
    parser.add_argument("--reduce-range", action="store_true", help="7-bit weights in int8, for CPUs without VNNI")
    parser.add_argument("--python-server", action="store_true", help="give textual.onnx the attention_mask that the Python CLIP server feeds; it changes no vector")
    parser.add_argument("--cosine-min", type=float, help=f"what golden.json holds the loaded model to (default by variant: {LOAD_COSINE_MIN})")
    return parser.parse_args()


def target_of(arguments: argparse.Namespace, variant: str) -> Path:
    name = arguments.name or arguments.architecture.lower()
    return require_free(arguments.models / (name if variant == "fp32" else f"{name}-{variant}"))


def traced(architecture: Architecture, fused: bool) -> dict:
    """Graphs by file name."""
    visual, textual = VisualTower(architecture, fused), textual_tower(architecture, fused)
    graphs = {"visual.onnx": visual_graph(architecture, visual), "textual.onnx": textual_graph(architecture, textual)}
    if not fused:
        return graphs
    for file, tower in (("visual.onnx", visual), ("textual.onnx", textual)):
        print(f"{file}: {tower.fused_blocks} attention blocks fused")
    return {file: fuse(graph) for file, graph in graphs.items()}


def report(folder: Path, target: Path, variant: str, architecture: Architecture, golden: Golden) -> None:
    """Prints how near the vectors of `folder`, which becomes `target`, are to PyTorch's; exits when they are too far."""
    files = OnnxFolder(folder)
    images = cosines(files.embed_images(pixels_of(architecture, golden.pictures)), golden.picture_vectors)
    texts = cosines(files.embed_texts(architecture.tokenizer(golden.texts), architecture.tokenizer.pad_id), golden.text_vectors)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    print(f"{target.name}: {variant}, {size:.0f} MB; least cosine with PyTorch: images {images.min():.6f}, texts {texts.min():.6f}")
    bound = EXPORT_COSINE_MIN[variant]
    if not (images.min() >= bound and texts.min() >= bound):
        raise SystemExit(f"{target} is not written: it is further from the original than {variant} may be ({bound}).")


if __name__ == "__main__":
    # What torch, open_clip and onnxruntime warn of (random weights, shapes that are constants) is what is wanted here.
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    main()
