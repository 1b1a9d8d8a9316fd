"""Writing a sample to its folder whole or not at all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""Is told the stage, the steps done and the steps in all."""

README = "README.txt"
MARK = "Synthetic sample data made by yoc."


class DestinationInUse(FileExistsError):
    """The destination holds something that is not a sample: it is left alone."""


def write_whole(destination: Path, write: Callable[[Path], dict[str, int]]) -> dict[str, int]:
    """Let ``write`` fill a folder beside the destination, which then takes its name and its place.

    A run that is stopped leaves the destination as it was; an earlier sample there is replaced. Raises
    ``DestinationInUse`` where the destination holds anything but a sample.
    """
    check_free(destination)
    destination.parent.mkdir(parents=True, exist_ok=True)
    partial = destination.with_name(f".{destination.name}.partial-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        counts = write(partial)
        _put_in_place(partial, destination)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return counts


def check_free(destination: Path) -> None:
    """Raise ``DestinationInUse`` where the destination holds anything but a sample."""
    if not destination.exists():
        return
    readme = destination / README
    is_sample = readme.is_file() and readme.read_text(encoding="utf-8").startswith(MARK)
    if not destination.is_dir() or (any(destination.iterdir()) and not is_sample):
        raise DestinationInUse(f"{destination} holds something that is not a synthetic sample; choose another folder")


def _put_in_place(partial: Path, destination: Path) -> None:
    """Rename the finished folder into place; an earlier sample is moved aside first and deleted last."""
    if destination.exists():
        aside = destination.with_name(f".{destination.name}.replaced-{os.getpid()}")
        destination.rename(aside)
        partial.rename(destination)
        shutil.rmtree(aside)
    else:
        partial.rename(destination)
