"""A signature holds for what it was made over, by the key that made it, and for nothing else."""

import datetime as dt
import json

import pytest

from yoc.audit.signature import (
    FORMAT,
    KeyProblem,
    fingerprint,
    new_key,
    read_private_key,
    read_public_key,
    read_signature,
    signature_text,
    signatures_step,
)
from yoc.audit.verify import Mark

PASSPHRASE = "correct horse battery"  # noqa: S105 - of keys that the tests make
MOMENT = dt.datetime(2027, 5, 12, 11, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
RUN, MANIFEST = "2026-27-abc", "a" * 64


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    return new_key(PASSPHRASE)


@pytest.fixture(scope="module")
def signed(pair) -> str:
    return signature_text(read_private_key(pair[0], PASSPHRASE), RUN, MANIFEST, "A. Analyst", MOMENT)


def test_a_signature_says_who_when_and_over_what(pair, signed):
    found = read_signature(signed.encode())
    assert (found.run_id, found.manifest_sha256, found.signer, found.signed_at) == (
        RUN, MANIFEST, "A. Analyst", "2027-05-12T10:00:00Z",
    )  # fmt: skip
    assert found.fingerprint == fingerprint(read_public_key(pair[1]))
    # Ed25519 is deterministic: the same key over the same words gives the same file.
    key = read_private_key(pair[0], PASSPHRASE)
    assert signature_text(key, RUN, MANIFEST, "A. Analyst", MOMENT) == signed


@pytest.mark.parametrize(
    "field", ["format", "run_id", "manifest_sha256", "signer", "signed_at", "fingerprint", "public_key", "signature"]
)
def test_no_field_can_be_edited_left_out_or_be_no_text(signed, field):
    fields = json.loads(signed)
    value = fields[field]
    others = signature_text(
        read_private_key(*_other()), fields["run_id"], fields["manifest_sha256"], fields["signer"], MOMENT
    )
    for edited in (f"{value} ", value[1:], value[:-1], "", "\ud800", json.loads(others)[field], 1, None, [value], {}):
        if edited == value:
            continue
        with pytest.raises(KeyProblem):
            read_signature(json.dumps({**fields, field: edited}).encode())
    with pytest.raises(KeyProblem):
        read_signature(json.dumps({name: text for name, text in fields.items() if name != field}).encode())
    with pytest.raises(KeyProblem):
        read_signature(json.dumps({**fields, "more": "x"}).encode())


_OTHER: list[bytes] = []


def _other() -> tuple[bytes, str]:
    if not _OTHER:
        _OTHER.append(new_key(PASSPHRASE)[0])
    return _OTHER[0], PASSPHRASE


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": 1}'])
def test_a_damaged_file_is_told_and_nothing_falls_over(content):
    with pytest.raises(KeyProblem):
        read_signature(content)
    step = signatures_step(RUN, MANIFEST, {"x.json": content}, None)
    assert (step.mark, step.fails) == (Mark.DIFFERS, True)


def test_any_changed_byte_of_a_signature_file_is_refused_or_changes_nothing(signed):
    content = signed.encode()
    whole = read_signature(content)
    refused = 0
    for place in range(len(content)):
        try:
            # A changed space between fields changes nothing that is said.
            assert read_signature(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]) == whole
        except KeyProblem:
            refused += 1
    assert refused > len(content) * 0.9


def test_what_counts_and_what_does_not(pair, signed):
    files = {"one.json": signed.encode()}
    mine = fingerprint(read_public_key(pair[1]))

    def step(run=RUN, manifest=MANIFEST, files=files, trusted=None):
        found = signatures_step(run, manifest, files, trusted)
        return found.mark, found.fails, " ".join((found.said, *found.details))

    mark, fails, said = step()
    assert (mark, fails) == (Mark.HOLDS, False)
    assert f"signed by key {mine} that says it is A. Analyst" in said
    assert "nothing here vouches whose it is" in said
    assert step(trusted=[mine])[:2] == (Mark.HOLDS, False)
    mark, fails, said = step(trusted=["b" * 64])
    assert (mark, fails) == (Mark.UNTOLD, True)
    assert "not a key that you trust" in said
    assert "over another manifest: this one was changed since" in step(manifest="c" * 64, trusted=[mine])[2]
    assert step(manifest="c" * 64, trusted=[mine])[1]
    assert "over another run: 2026-27-abc" in step(run="2026-27-abd")[2]
    assert step(files={})[1:] == (True, "nobody has signed the run.")
    # One that is not trusted does no harm beside one that is; one that does not hold does.
    other = signature_text(read_private_key(*_other()), RUN, MANIFEST, "Anybody", MOMENT).encode()
    assert step(files={**files, "two.json": other}, trusted=[mine])[:2] == (Mark.HOLDS, False)
    assert step(files={**files, "two.json": b"{}"}, trusted=[mine])[:2] == (Mark.DIFFERS, True)


def test_a_key_that_cannot_be_used_is_told_without_its_passphrase(pair):
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    other = generate_private_key(SECP256R1())
    locked = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    plain = read_private_key(pair[0], PASSPHRASE).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content, passphrase, words in (
        (pair[0], "a wrong passphrase", "the passphrase does not open it"),
        (pair[0], "", "the passphrase does not open it"),
        (pair[0][:120], PASSPHRASE, "the passphrase does not open it, or the file is damaged"),
        (pair[1], PASSPHRASE, "no private key"),
        (b"", PASSPHRASE, "no private key"),
        (plain, PASSPHRASE, "not under a passphrase"),
        (locked, PASSPHRASE, "another kind than Ed25519"),
    ):
        with pytest.raises(KeyProblem, match=words) as caught:
            read_private_key(content, passphrase)
        assert not passphrase or passphrase not in str(caught.value)
    for content, words in ((public, "another kind"), (b"x", "no public key"), (pair[0], "no public key")):
        with pytest.raises(KeyProblem, match=words):
            read_public_key(content)
    with pytest.raises(KeyProblem, match="fewer than 12"):
        new_key("eleven char")


def test_the_form_of_a_signature_is_named():
    assert FORMAT == "yoc signature 1"
