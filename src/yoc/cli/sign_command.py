"""`yoc sign`: signing a run by a key that its owner holds, and making such a key."""

import os
import warnings
from getpass import GetPassWarning
from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import HERE, By, Directory, named, say_plain


def sign(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="The run: its folder, name, or the name's beginning.")
    ] = "",
    key: Annotated[Path | None, typer.Option("--key", metavar="KEYFILE", help="The private key to sign with.")] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", metavar="KEYFILE", help="Make a key here, and KEYFILE.pub beside it.")
    ] = None,
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Sign a run's manifest with a key of your own, or make one. The passphrase is asked, or in YOC_KEY_PASSPHRASE."""
    if new_key is not None:
        if run or key is not None:
            raise typer.BadParameter("--new-key makes a key and signs nothing: give it alone, then sign with --key")
        _make(new_key)
        return
    if not run or key is None:
        raise typer.BadParameter("say what is signed, and with what: yoc sign RUN --key KEYFILE")
    with told_plainly(say):
        from yoc.workflow import store_place
        from yoc.workflow.run_place import find_run
        from yoc.workflow.signatures import sign_run

        place = find_run(run, directory)
        signer = named(by)
        path, before = sign_run(place, key, _passphrase(again=False), signer, store_place.system_clock)
    shown = path.relative_to(place.root).as_posix()
    if before:
        say_plain(f"This key signed the run {place.run_id} already, as {before}; nothing was written.")
        say_plain(f"Signature: {shown}")
        return
    say_plain(f"The run {place.run_id} is signed by {signer}.")
    say_plain(f"Signature: {shown}")


def _make(path: Path) -> None:
    with told_plainly(say):
        from yoc.workflow.signatures import make_key, public_path_of, refuse_keys_there

        refuse_keys_there(path)
        made = make_key(path, _passphrase(again=True))
    say_plain(f"Private key: {path}  (keep it and its passphrase to yourself, and out of the workspace)")
    say_plain(f"Public key:  {public_path_of(path)}  (give it to whoever verifies)")
    say_plain(f"Fingerprint: {made}")
    say_plain("Tell the fingerprint by another way than the key itself, as on the telephone.")


def _passphrase(*, again: bool) -> str:
    """From the environment, else asked without showing it. Raises ``FindingsError`` where it could only be shown."""
    from yoc.core.findings import refusal
    from yoc.workflow.signatures import PASSPHRASE_NAME, passphrase_of

    given = passphrase_of(os.environ)
    if given is not None:
        return given
    try:
        with warnings.catch_warnings():
            # Without a terminal Python would warn, and then read the passphrase where others may see it.
            warnings.simplefilter("error", GetPassWarning)
            return str(typer.prompt("Passphrase of the key", hide_input=True, confirmation_prompt=again, err=True))
    except GetPassWarning:
        message = "the key's passphrase cannot be asked for: there is no terminal here"
        raise refusal("KEY-UNUSABLE", message, f"put it into the environment as {PASSPHRASE_NAME}") from None
