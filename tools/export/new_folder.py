"""A model folder that is there whole or not at all, since the service may look into CAS_MODEL_DIR at any time."""

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator


def require_free(target: Path) -> Path:
    """`target`; exits when it is there, which is better told before the work than after it."""
    if target.exists():
        raise SystemExit(f"{target} is there already. Remove it, or give another --name.")
    return target


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """An empty folder to write into, which becomes `target` at the end; when the work fails, nothing of it stays."""
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
