"""A model folder's vectors by onnxruntime in Python: how far a variant is from the original."""

from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import numpy as np
import onnxruntime
import torch


class OnnxFolder:
    """Runs on the CPU whatever the variant; operators that exist there in float32 only get casts around them."""

    def __init__(self, folder: Path):
        self.visual = _session(folder / "visual.onnx")
        self.textual = _session(folder / "textual.onnx")

    def embed_images(self, pixels: torch.Tensor) -> np.ndarray:
        return _run(self.visual, pixels.numpy().astype(np.float32))

    def embed_texts(self, ids: torch.Tensor, pad_id: int) -> np.ndarray:
        """Every row alone and, where the sequence axis is free, without its padding: as the service runs texts."""
        first, *masks = self.textual.get_inputs()
        rows = ids.numpy().astype(np.int64 if "int64" in first.type else np.int32)
        lengths = [_length(row, pad_id) for row in rows]
        if isinstance(first.shape[1], int):
            mask = np.arange(rows.shape[1])[None, :] < np.array(lengths)[:, None]
            return _run(self.textual, rows, _masks(masks, mask))
        cut = [row[None, :length] for row, length in zip(rows, lengths)]
        return np.concatenate([_run(self.textual, row, _masks(masks, np.ones(row.shape))) for row in cut])


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of each row of one with the same row of the other, in double precision."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    return (one * other).sum(axis=1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1))


def _length(row: np.ndarray, pad_id: int) -> int:
    return int(np.flatnonzero(row != pad_id)[-1]) + 1


def _masks(inputs, mask: np.ndarray) -> dict:
    return {each.name: mask.astype(np.int64 if "int64" in each.type else np.int32) for each in inputs}


def _run(session, values: np.ndarray, others: dict | None = None) -> np.ndarray:
    return session.run(None, {session.get_inputs()[0].name: values, **(others or {})})[0]


def _session(path: Path):
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
