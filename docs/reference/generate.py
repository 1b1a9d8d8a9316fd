"""Make the pages of the reference that come from the code: commands, errors, terms. `make docs` runs this."""

import inspect
import os
import re
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args, get_origin

os.environ |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}

import yaml
from pydantic import BaseModel
from typer import Typer
from typer.models import CommandInfo
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.cli.faults import ExitCode, finding_text
from yoc.contract.terms import KINDS
from yoc.contract.terms.base import TermParameters
from yoc.contract.wording import begun, listed
from yoc.core.findings import CODES
from yoc.workflow.contract_schema import field_words

HERE = Path(__file__).parent
EXAMPLES = HERE / "term-examples.yaml"
sys.path.insert(0, str(HERE.parents[1] / "tests/errors"))

from bad_budgets import BAD_BUDGETS  # noqa: E402 - they are found once the path is set
from bad_contracts import BAD_CONTRACTS  # noqa: E402

MADE = "<!-- Made by generate.py from the code; change the code, then run `make docs`. -->\n\n"
EXIT_MEANINGS = {
    ExitCode.DONE: "All is well. Findings about single rows may have been listed.",
    ExitCode.INTERNAL: "A fault of the software.",
    ExitCode.USAGE: "The command line cannot be understood.",
    ExitCode.INPUT: "A contract, plan, price book or file cannot be used. Nothing was written.",
    ExitCode.CHECK: "A law that every settlement must keep does not hold. Nothing was written.",
    ExitCode.DIFFERENT: "A comparison, or a worked example, found figures that differ by more than was allowed; or a "
    "run is not verified.",
    ExitCode.PLACE: "The disk or another run stands in the way. Nothing was half-written.",
}


def command_names() -> list[list[str]]:
    """The words of every command, those of groups after the group itself."""
    return _names_in(app)


def _names_in(group: Typer, *above: str) -> list[list[str]]:
    names = [[*above, _name(command)] for command in group.registered_commands]
    for inner in group.registered_groups:
        own = [*above, str(inner.name)]
        names += [own, *_names_in(inner.typer_instance, *own)]
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
    for bad in [bad for bad in (*BAD_CONTRACTS, *BAD_BUDGETS) if bad.code == code][:12]:
        with TemporaryDirectory() as folder:
            findings = bad.findings(Path(folder))
        found = next(finding for finding in findings if finding.code == code and bad.words in finding.message)
        text = "\n".join(line.rstrip() for line in finding_text(found).strip().splitlines())
        shown.append(f"\n```text\n{text}\n```\n")
    return shown


_ABOUT_TERMS = (
    "The kinds of term that `terms:` of a contract may list, in any order that makes sense.\n"
    "Whole contracts: `contracts/bnssg-working-age/contract.yaml`, and those of `contracts/published/`.\n"
)


def terms_page() -> str:
    """Every kind of term: what it does, its fields and those of the parts inside it, an example with figures."""
    examples = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    parts = [
        MADE,
        f"# Terms\n\n{_ABOUT_TERMS}",
        "\nEvery term has these fields, and those of its kind.\n\n",
        _fields_table(TermParameters, tuple(TermParameters.model_fields)),
    ]
    for kind, module in sorted(KINDS.items()):
        first, *cases = prose(module.__doc__ or "")
        about = begun(first.partition(": ")[2])
        parts.append(f"\n## {kind}\n\n{about}\n")
        parts += [f"\n{paragraph}\n" for paragraph in prose(module.Parameters.__doc__ or "")]
        own = tuple(name for name in module.Parameters.model_fields if name not in TermParameters.model_fields)
        parts += ["\n", _fields_table(module.Parameters, own)] if own else []
        for name, inner in _inner_groups(module.Parameters):
            parts += [f"\nIn `{name}`: {paragraph}\n" for paragraph in prose(inner.__doc__ or "")[:1]]
            parts += [f"\n{paragraph}\n" for paragraph in prose(inner.__doc__ or "")[1:]]
            parts += ["\n", _fields_table(inner, tuple(inner.model_fields))]
        parts += [f"\n{paragraph}\n" for paragraph in cases]
        parts.append(_example(examples[kind]))
    return "".join(parts)


def prose(docstring: str) -> list[str]:
    """The paragraphs of a docstring without its code; one that leads to code ends with a full stop."""
    paragraphs = [part for part in inspect.cleandoc(docstring).split("\n\n") if not part.startswith(">>> ")]
    return [re.sub(r":$", ".", part.strip()).replace("``", "`") for part in paragraphs]


def _fields_table(model: type[BaseModel], names: tuple[str, ...]) -> str:
    """The fields of a group: what each means, its choices, and whether it has to be given."""
    words = field_words(model)
    rows = ["| field | needed | meaning |\n|---|---|---|\n"]
    for name in names:
        field = model.model_fields[name]
        meaning = words.get(name, "").replace("|", " or ")
        choices = _choices(field.annotation) if name != "kind" else ()
        named = f" One of {listed((f'`{choice}`' for choice in choices), 'or')}." if choices else ""
        needed = "yes" if field.is_required() else ""
        rows.append(f"| `{field.alias or name}` | {needed} | {meaning}{named} |\n")
    return "".join(rows)


def _choices(annotation: Any) -> tuple[str, ...]:
    """The words that a field may be, where it is one of some."""
    if get_origin(annotation) is Literal:
        return tuple(str(choice) for choice in get_args(annotation))
    members = [member for member in get_args(annotation) if member is not type(None)]
    return _choices(members[0]) if len(members) == 1 and type(None) in get_args(annotation) else ()


def _inner_groups(model: type[BaseModel]) -> list[tuple[str, type[BaseModel]]]:
    """The groups of fields that stand inside a term, each with the names of the fields that hold it."""
    found: dict[type[BaseModel], list[str]] = {}
    for name, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            if inner.__module__ == model.__module__:
                found.setdefault(inner, []).append(name)
    return [("`, `".join(names), inner) for inner, names in found.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _example(example: dict[str, Any]) -> str:
    """What a contract says, what is known of the host's year, and what it comes to."""
    given, comes_to = (
        listed(f"`{name}` {figure}" for name, figure in example.get(part, {}).items()) for part in ("given", "comes_to")
    )
    known = f"With {given} it comes to" if given else "It comes to"
    return f"\n```yaml\n{example['terms']}```\n\n{known} {comes_to}.\n"


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
