"""The manifest of a run as it lies in a folder, which may be damaged: read whole, or not at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from yoc.core.identifiers import sha256_bytes

MANIFEST = "manifest.json"


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class MadeFrom(_Shape):
    """What a run was made from, by hash: documents by role, inputs by name, and the program."""

    documents: dict[str, str]
    inputs: dict[str, str]
    sql: dict[str, str]
    code: str
    software: str


class ManifestFields(_Shape):
    """The fields of a manifest that say what belongs to a run."""

    run_id: str
    made_from: MadeFrom
    files: dict[str, str]
    document_paths: dict[str, str] | None = None
    """Where each document lay; runs of earlier versions do not say."""


@dataclass(frozen=True)
class RunManifest:
    """A manifest: its bytes, what they say, and the fields by which a run is checked."""

    content: bytes
    raw: Mapping[str, Any]
    fields: ManifestFields

    @property
    def sha256(self) -> str:
        """The hash of the file as it lies there: what a signature is over."""
        return sha256_bytes(self.content)


def read_manifest(content: bytes) -> RunManifest | None:
    """The manifest that a file holds; nothing where it holds none.

    >>> read_manifest(b'{"run_id": "x"}') is None
    True
    """
    try:
        raw = json.loads(content.decode("utf-8"))
        return RunManifest(content, raw, ManifestFields.model_validate(raw))
    except (ValueError, RecursionError, ValidationError):
        return None


def json_text(value: Any) -> str:
    """A file of evidence as it is written: one spelling for each content."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
