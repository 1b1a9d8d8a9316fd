"""Signatures over a run's manifest: Ed25519, made and checked without any network, by keys that people hold.

What is signed is the whole of a signature file but the signature itself: the run, the manifest's hash, the name, the
time. So none of them can be edited without the signature failing.
"""

import binascii
import datetime as dt
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from yoc.audit.verify import Mark, Step
from yoc.core.identifiers import canonical_json, masked

FORMAT = "yoc signature 1"
SHORTEST_PASSPHRASE = 12
"""How many characters a passphrase has at least."""
_FIELDS = ("format", "run_id", "manifest_sha256", "signer", "signed_at", "fingerprint", "public_key", "signature")


class KeyProblem(ValueError):
    """A key that cannot be used; its text says why, and never what the key is."""


@dataclass(frozen=True)
class Signature:
    """A signature file whose signature is by the key that it holds: who says that they signed what, and when."""

    run_id: str
    manifest_sha256: str
    signer: str
    signed_at: str
    fingerprint: str


def new_key(passphrase: str) -> tuple[bytes, bytes]:
    """A new private key under a passphrase (PEM, PKCS 8), and its public key (PEM).

    Raises ``KeyProblem`` where the passphrase is too short.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyProblem(f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters")
    key = Ed25519PrivateKey.generate()
    encryption = BestAvailableEncryption(passphrase.encode("utf-8"))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), public_text(key.public_key()).encode(
        "ascii"
    )


def read_private_key(content: bytes, passphrase: str) -> Ed25519PrivateKey:
    """The private key of a file. Raises ``KeyProblem`` where it is none, or the passphrase does not open it."""
    if b"ENCRYPTED PRIVATE KEY" not in content:
        what = (
            "it is not under a passphrase" if b"PRIVATE KEY" in content else "the file is no private key (PEM, PKCS 8)"
        )
        raise KeyProblem(what)
    try:
        key = load_pem_private_key(content, passphrase.encode("utf-8"))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyProblem("the passphrase does not open it, or the file is damaged") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyProblem("it is a key of another kind than Ed25519")
    return key


def read_public_key(content: bytes) -> Ed25519PublicKey:
    """The public key of a file. Raises ``KeyProblem`` where it is none."""
    try:
        key = load_pem_public_key(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyProblem("the file is no public key (PEM)") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyProblem("it is a key of another kind than Ed25519")
    return key


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as text (PEM)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def fingerprint(key: Ed25519PublicKey) -> str:
    """By what people compare a key, on the telephone or on paper: the SHA-256 of its standard form (DER)."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def signature_text(key: Ed25519PrivateKey, run_id: str, manifest_sha256: str, signer: str, moment: dt.datetime) -> str:
    """A signature file: what is signed, and the signature over the canonical text of all of it.

    ``moment`` has its time zone, and is kept in UTC to the second.
    """
    public = key.public_key()
    signed = {
        "format": FORMAT,
        "run_id": run_id,
        "manifest_sha256": manifest_sha256,
        "signer": signer,
        "signed_at": moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "fingerprint": fingerprint(public),
        "public_key": public_text(public),
    }
    made = b64encode(key.sign(_signed_bytes(signed))).decode("ascii")
    return json.dumps({**signed, "signature": made}, indent=1, ensure_ascii=False) + "\n"


def _signed_bytes(fields: Mapping[str, str]) -> bytes:
    return canonical_json({name: fields[name] for name in _FIELDS if name != "signature"}).encode("utf-8")


def read_signature(content: bytes) -> Signature:
    """A signature file whose signature holds. Raises ``KeyProblem`` where it is damaged, or was edited in any field."""
    try:
        fields = json.loads(content.decode("utf-8"))
        if not isinstance(fields, dict) or {*fields} != {*_FIELDS}:
            raise KeyProblem("the file is no signature")
        if not all(isinstance(value, str) for value in fields.values()) or fields["format"] != FORMAT:
            raise KeyProblem("the file is no signature of this form")
        key = read_public_key(fields["public_key"].encode("ascii"))
        key.verify(b64decode(fields["signature"], validate=True), _signed_bytes(fields))
    except KeyProblem:
        raise
    except InvalidSignature:
        raise KeyProblem("the signature is not over what the file says: it was edited") from None
    except (ValueError, RecursionError, binascii.Error):
        raise KeyProblem("the file is damaged") from None
    if fields["fingerprint"] != fingerprint(key):
        raise KeyProblem("the fingerprint is not that of the key")
    return Signature(
        fields["run_id"], fields["manifest_sha256"], fields["signer"], fields["signed_at"], fields["fingerprint"]
    )


def signatures_step(
    run_id: str, manifest_sha256: str, files: Mapping[str, bytes], trusted: Sequence[str] | None
) -> Step:
    """The signatures of a run, by file name. ``trusted`` are the fingerprints of the keys that count, if only some do.

    Every signature must hold and be over this manifest; one by a key that is not among the trusted does not count.
    """
    faults: list[str] = []
    counting: list[str] = []
    others: list[str] = []
    for name, content in sorted(files.items()):
        try:
            signature = read_signature(content)
        except KeyProblem as problem:
            faults.append(f"{name}: {problem}")
            continue
        signer = masked(signature.signer)
        said = f"signed by key {signature.fingerprint} that says it is {signer}, at {signature.signed_at}"
        if signature.run_id != run_id:
            faults.append(f"{name}: {said}, over another run: {signature.run_id}")
        elif signature.manifest_sha256 != manifest_sha256:
            faults.append(f"{name}: {said}, over another manifest: this one was changed since")
        elif trusted is None:
            counting.append(f"{said}; nothing here vouches whose it is")
        elif signature.fingerprint in trusted:
            counting.append(f"{said}: a key that you trust")
        else:
            others.append(f"{said}: not a key that you trust, so it does not count")
    details = (*counting, *others, *faults)
    if faults:
        return Step("Signatures", Mark.DIFFERS, f"{len(faults)} of {len(files)} do not hold.", details)
    if not counting:
        said = "none is by a key that you trust." if files else "nobody has signed the run."
        return Step("Signatures", Mark.UNTOLD, said, details, must_be_told=True)
    plural = "s hold" if len(counting) > 1 else " holds"
    return Step("Signatures", Mark.HOLDS, f"{len(counting)} signature{plural} over this manifest.", details)
