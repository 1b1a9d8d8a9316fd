"""Writing a file, or a folder, whole or not at all: whatever stops the program, or the machine."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write under another name in the same folder, then rename in one step: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        _keep(Path(name))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole, with folders in it where names have slashes: under another name first, then renamed."""
    staging = folder.with_name(f".staging-{folder.name}")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        staging.mkdir(parents=True)
        for name, content in files.items():
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_bytes(content)
            _keep(staging / name)
        shutil.rmtree(folder, ignore_errors=True)
        staging.rename(folder)
        _keep(folder.parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def remove_staging(*folders: Path) -> None:
    """Remove what a program that was killed left half-written in folders that nobody else writes into now."""
    for folder in folders:
        for left in folder.glob(".staging-*"):
            shutil.rmtree(left)


def _keep(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. Else a power cut could keep the name alone."""
    if os.name == "nt" and path.is_dir():
        return  # Windows keeps the names in a folder by itself, and opens none.
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
