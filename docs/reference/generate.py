"""Make the pages of the reference that come from the code: commands, errors, terms. `make docs` runs this."""

import importlib
import inspect
import os
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}

from typer.models import CommandInfo
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.cli.faults import ExitCode, finding_text
from yoc.contract.terms import KINDS
from yoc.contract.terms.base import TermParameters
from yoc.core.findings import CODES
from yoc.workflow.contract_schema import field_words

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests/errors"))

from bad_contracts import BAD_CONTRACTS  # noqa: E402 - it is found once the path is set

MADE = "<!-- Made by generate.py from the code; change the code, then run `make docs`. -->\n\n"
EXIT_MEANINGS = {
    ExitCode.DONE: "All is well. Findings about single rows may have been listed.",
    ExitCode.INTERNAL: "A fault of the software.",
    ExitCode.USAGE: "The command line cannot be understood.",
    ExitCode.INPUT: "A contract, plan, price book or file cannot be used. Nothing was written.",
    ExitCode.CHECK: "A law that every settlement must keep does not hold. Nothing was written.",
    ExitCode.DIFFERENT: "A comparison, or a worked example, found figures that differ by more than was allowed.",
    ExitCode.PLACE: "The disk or another run stands in the way. Nothing was half-written.",
}


def command_names() -> list[list[str]]:
    """The words of every command, those of groups after the group itself."""
    names = [[_name(command)] for command in app.registered_commands]
    for group in app.registered_groups:
        names.append([str(group.name)])
        names += [[str(group.name), _name(command)] for command in group.typer_instance.registered_commands]
    return names


def _name(command: CommandInfo) -> str:
    return command.name or command.callback.__name__.replace("_", "-")


def commands_page() -> str:
    """Every command with its help, and the exit codes."""
    runner = CliRunner()
    parts = [MADE, "# Commands\n"]
    for arguments in ([], *command_names()):
        shown = runner.invoke(app, [*arguments, "--help"], prog_name="yoc").output
        text = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts.append(f"\n## yoc {' '.join(arguments)}".rstrip() + f"\n\n```text\n{text}\n```\n")
    parts.append("\n## Exit codes\n\n| code | meaning |\n|---|---|\n")
    parts += [f"| {code.value} | {meaning} |\n" for code, meaning in EXIT_MEANINGS.items()]
    return "".join(parts)


_ABOUT_FINDINGS = (
    "Every problem has a code, and each code a page with what it means and what it looks like. A message names the "
    "file, line and column, shows the text, says what is wrong and how to mend it. No finding holds anything about a "
    "person.\n"
)


def errors_page() -> str:
    """The list of every code of a finding, with the way to its page."""
    rows = [f"| [{code}](errors/{code}.md) | {entry.title} |\n" for code, entry in CODES.items()]
    return "".join([MADE, f"# Findings\n\n{_ABOUT_FINDINGS}\n| code | what it says |\n|---|---|\n", *rows])


def error_page(code: str) -> str:
    """One code: its meaning, and the bad contracts of the tests that bring it, as the command shows them."""
    entry = CODES[code]
    return "".join([MADE, f"# {code}\n\n**{entry.title}.** {entry.meaning}\n", *_as_it_is_shown(code)])


def _as_it_is_shown(code: str) -> list[str]:
    """Each bad contract of the tests that brings a code, as the command shows it; at most a dozen."""
    shown = []
    for bad in [bad for bad in BAD_CONTRACTS if bad.code == code][:12]:
        with TemporaryDirectory() as folder:
            findings = bad.findings(Path(folder))
        found = next(finding for finding in findings if finding.code == code and bad.words in finding.message)
        text = "\n".join(line.rstrip() for line in finding_text(found).strip().splitlines())
        shown.append(f"\n```text\n{text}\n```\n")
    return shown


def terms_page() -> str:
    """Every kind of term: what it does, its fields, a case with figures."""
    parts = [
        MADE,
        "# Terms\n\nThe kinds of term that `terms:` of a contract may list, in any order that makes sense.\n"
        "Whole contracts: `contracts/bnssg-working-age/contract.yaml`, and those of `contracts/published/`.\n",
        "\nEvery term has these fields, and those of its kind.\n\n| field | meaning |\n|---|---|\n",
        *(f"| `{name}` | {words} |\n" for name, words in field_words(TermParameters).items()),
    ]
    for kind, module in sorted(KINDS.items()):
        text = inspect.getdoc(importlib.import_module(module.__name__)) or ""
        first, _, rest = text.partition("\n")
        words = rest.partition(">>> ")[0]
        parts.append(f"\n## {kind}\n\n{first.split(': ', 1)[1][:1].upper()}{first.split(': ', 1)[1][1:]}\n")
        about = inspect.getdoc(module.Parameters) or ""
        parts.append(f"\n{about}\n")
        explained = field_words(module.Parameters)
        own = [name for name in module.Parameters.model_fields if name not in TermParameters.model_fields]
        parts.append("\n| field | meaning |\n|---|---|\n" if own else "")
        for name in own:
            field = module.Parameters.model_fields[name]
            parts.append(f"| `{field.alias or name}` | {explained.get(name, '').replace('|', ' or ')} |\n")
        if words.strip():
            parts.append(f"\n{words.strip()}\n")
    return "".join(parts)


PAGES = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "terms.md": terms_page,
    **{f"errors/{code}.md": partial(error_page, code) for code in CODES},
}

if __name__ == "__main__":
    (HERE / "errors").mkdir(exist_ok=True)
    for file, page in PAGES.items():
        (HERE / file).write_text(page(), encoding="utf-8", newline="\n")
