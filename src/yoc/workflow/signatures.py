"""Signing runs: keys and signatures as files. A signature lies beside the runs, so that it changes no evidence."""

import os
from collections.abc import Mapping
from pathlib import Path

from yoc.audit.signature import (
    KeyProblem,
    fingerprint,
    new_key,
    read_private_key,
    read_public_key,
    read_signature,
    signature_text,
)
from yoc.audit.verify import Mark
from yoc.core.findings import Finding, FindingsError, Level, refusal
from yoc.core.identifiers import masked
from yoc.store.database import Clock
from yoc.workflow.run_folder import open_run
from yoc.workflow.run_place import RunPlace
from yoc.workflow.writing import write_whole

_LARGEST_BYTES = 64 * 1024
"""More than any key or signature has: what is larger is none, and is not read."""


def signature_folder(place: RunPlace) -> Path:
    """Where the signatures of a run lie, whether or not there are any."""
    return place.contract_folder / "signatures" / place.run_id


def read_signatures(place: RunPlace) -> dict[str, bytes]:
    """Every file among the signatures of a run, by name."""
    folder = signature_folder(place)
    if not folder.is_dir():
        return {}
    return {path.name: _read(path) for path in sorted(folder.glob("*.json")) if path.is_file()}


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_LARGEST_BYTES)


def make_key(path: Path, passphrase: str) -> str:
    """Write a new private key, which only its owner may read, and `.pub` beside it; gives the key's fingerprint.

    Raises ``FindingsError`` where either file is there, or the passphrase is too short.
    """
    refuse_keys_there(path)
    try:
        private, public = new_key(passphrase)
    except KeyProblem as problem:
        raise refusal("KEY-UNUSABLE", str(problem), "take several words that belong together for nobody else") from None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(private)
    write_whole(public_path_of(path), public)
    return fingerprint(read_public_key(public))


def refuse_keys_there(path: Path) -> None:
    """Raise ``FindingsError`` where a key, or its public key, is there already."""
    for there in (path, public_path_of(path)):
        if there.exists():
            raise refusal("FILE-EXISTS", f"{there.name} is there already", "name another file; no key is overwritten")


def public_path_of(path: Path) -> Path:
    """The file of the public key beside that of a private one."""
    return path.with_name(f"{path.name}.pub")


def sign_run(place: RunPlace, key_path: Path, passphrase: str, signer: str, clock: Clock) -> tuple[Path, str]:
    """Sign a run's manifest; gives the signature's file, and the name by which this key signed it before, if it did.

    Raises ``FindingsError`` where the key cannot be used, the folder is not what its manifest says, the name reads as
    an NHS number, or a file that is no signature of this run stands in the way.
    """
    if masked(signer) != signer:
        mend = "sign with the name of a person who answers for it, as others know it"
        raise refusal("PERSON-NAMED", "the name holds what can be read as an NHS number", mend)
    opened = open_run(place)
    if opened is None or opened.step.mark is not Mark.HOLDS:
        details = opened.step.details if opened else ("its manifest is none",)
        mend = "look at it with `yoc verify`; put back the folder from a copy, or settle the plan again"
        raise FindingsError([Finding("RUN-CHANGED", Level.SUBMISSION, said, mend, place.shown) for said in details])
    try:
        key = read_private_key(_content_of(key_path), passphrase)
    except KeyProblem as problem:
        mend = "name the file that `yoc sign --new-key` made, and give the passphrase that it was made with"
        raise refusal("KEY-UNUSABLE", str(problem), mend, key_path.name) from None
    path = signature_folder(place) / f"{fingerprint(key.public_key())}.json"
    if path.exists():
        return path, _signed_as(path, place.run_id, opened.manifest.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = signature_text(key, place.run_id, opened.manifest.sha256, signer, clock())
    write_whole(path, text.encode("utf-8"))
    return path, ""


def _content_of(path: Path) -> bytes:
    if not path.is_file():
        raise refusal("FILE-MISSING", "the key is not there", "check the name and the folder", path.name)
    return _read(path)


def _signed_as(path: Path, run_id: str, manifest_sha256: str) -> str:
    """The signer of the file at a signature's place. Raises where that is not a sound signature of this manifest."""
    try:
        signature = read_signature(_read(path))
        if (signature.run_id, signature.manifest_sha256) == (run_id, manifest_sha256):
            return signature.signer
        said = "the key has signed another manifest of this run"
    except KeyProblem as problem:
        said = f"a signature of this key is there and does not hold: {problem}"
    mend = "keep that file as evidence elsewhere, find out what happened, then sign again"
    raise refusal("FILE-EXISTS", said, mend, path.name)


def trusted_fingerprints(path: Path) -> list[str]:
    """The fingerprint of the public key of a file, or those of every `.pub` file of a folder.

    Raises ``FindingsError`` where there is none, or one cannot be read.
    """
    paths = sorted(path.glob("*.pub")) if path.is_dir() else [path]
    if not paths:
        raise refusal(
            "FILE-MISSING", "no public key (.pub) is in the folder", "put the keys that count there", path.name
        )
    findings, found = [], []
    for each in paths:
        try:
            found.append(fingerprint(read_public_key(_content_of(each))))
        except KeyProblem as problem:
            mend = "name a public key: the file that ends in .pub beside the private one"
            findings.append(Finding("KEY-UNUSABLE", Level.SUBMISSION, str(problem), mend, each.name))
    if findings:
        raise FindingsError(findings)
    return found


def passphrase_of(environment: Mapping[str, str]) -> str | None:
    """The passphrase for unattended use, where the environment has one."""
    return environment.get(PASSPHRASE_NAME) or None


PASSPHRASE_NAME = "YOC_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable, not what it holds
