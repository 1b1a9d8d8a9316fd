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

from yoc.audit.explain.figure import Figure, Origin
from yoc.audit.explain.tree import KINDS as KINDS_OF_FIGURE
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
    ExitCode.PLACE: "The disk, another run or the engine stands in the way. Nothing was half-written.",
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


_ABOUT_EXPLAIN = """\
`yoc explain RUN --line LINE --json` prints one object. Every figure that the explained one is made from stands in it
once, under its key, however often it is used; the tree is followed by the keys. Fields may be added; none is taken away
or changes its meaning without another `format`.

| field | meaning |
|---|---|
| `format` | `yoc explanation 1` |
| `run_id` | the run |
| `figure` | the key of the figure that was asked for |
| `cell` | the cell that was asked about, as below; else null |
| `all_add_up` | whether every figure is given exactly by its children; the command ends in code 4 where one is not |
| `figures` | the figures by key |

A `cell`, of a statement:

| field | meaning |
|---|---|
| `workbook`, `sheet`, `cell`, `column` | where it is |
| `shown` | the run's figure, as the statement shows it |
| `in_workbook` | what was read in the workbook; null where there is none to read |
| `differs` | whether that is another figure; the command ends in code 6 where it is |
"""
_ABOUT_RULES = """\
A `rule` is `{"child": 0}`, one of the children, or with `"as": "pence"` its whole pence; `{"number": "365"}`, a number
of the rule itself; or `{"do": OPERATION, "with": [...]}`, where each part is a rule again:

| operation | meaning |
|---|---|
| `add`, `subtract`, `multiply`, `divide` | the first with each of the others in turn |
| `negative`, `size` | the number with the other sign; without its sign |
| `round_to` | the first rounded half away from zero to a multiple of the second |
| `whole_pence` | rounded half away from zero to the penny |
| `within` | the first, no lower than the second and no higher than the third |

Carried out on the `exact` figures of the children, the rule gives the `exact` figure. `adds_up` says whether it does,
and whether `pence` come of it as `rounding` says.

## Keys

A key names the host, the kind of figure and what it is of: `NWB:line:share`, `NWB:cost:emergency:ZA1:7` (7 is October),
`ALL:summary:due_pence`. Any key can be given to `--line`.

| kind | figure |
|---|---|
"""
_KINDS_OF_FIGURE = {
    "due": "what is due to the host, or from it",
    "line": "a line of the statement; its exact amount, and its pence",
    "effect": "what a line does to the host, in whole pence",
    "running": "the result after a line",
    "part": "a part of a line, by the line and its place from 0",
    "amount": "a named amount that a term made, exact",
    "value": "a value of the contract that has a name",
    "result": "the exact result of the lines before a term",
    "contract": "a number of the contract, with its file and line",
    "input": "an input of the host's position",
    "score": "the score of an indicator",
    "indicator": "its `numerator`, `denominator`, `result`, `floor` or `target`",
    "budget": "the budget of the year",
    "budget.step": "a step of the budget, in whole pence",
    "budget.after": "the budget so far after a step; of one segment",
    "budget.rounding": "what rounding for each person makes of the budget",
    "budget.opening": "person-years × annual rate, by segment and setting",
    "budget.cell": "the budget of a segment and setting",
    "rate": "an annual rate",
    "factor": "what an adjustment multiplies a segment's budget by",
    "people": "the person-years of a segment",
    "units": "the person-days, quarters or people that were counted",
    "person_years": "the person-years of all segments",
    "back_pay": "what was first counted for, and what each month is made good by",
    "cost": "the cost; by setting, provider, month, file",
    "cost.month": "the cost of a setting and month",
    "cost.cell": "a row of the statement's sheet of cost",
    "block": "the host's part of a block",
    "reissue": "what prices that were published again changed in a setting",
    "over_threshold": "what lies over people's thresholds; by setting, and no finer",
    "paid": "payments on account; each by its place from 0",
    "summary": "a figure of the summary; of `ALL` hosts too",
}


def explain_page() -> str:
    """The shape of `yoc explain --json`: its fields, rules and keys."""
    if set(_KINDS_OF_FIGURE) != set(KINDS_OF_FIGURE):
        raise ValueError("the kinds of figure are not those that are explained")
    figure = {name: words for name, words in field_words(Figure).items() if name != "key"}
    figure["adds_up"] = "Whether its children give it exactly by its rule, and its whole pence come of it."
    parts = [MADE, "# The JSON of yoc explain\n\n", _ABOUT_EXPLAIN, "\n## A figure\n\n", _words_table(figure)]
    parts += ["\nIts `origin`, where it is made from no other:\n\n", _words_table(field_words(Origin))]
    parts += ["\n## Rules\n\n", _ABOUT_RULES]
    parts += [f"| `{kind}` | {about} |\n" for kind, about in _KINDS_OF_FIGURE.items()]
    parts.append("| `file:NAME`, `prices` | a file of the run and its account; the price book |\n")
    parts.append(
        "| `market_forces`, `whose` | the price book's indices; the files that made lines a host's people's |\n"
    )
    return "".join(parts)


def _words_table(words: dict[str, str]) -> str:
    rows = (
        f"| `{name}` | {' '.join(about.replace('``', '`').split()).removesuffix('.')} |\n"
        for name, about in words.items()
    )
    return "".join(["| field | meaning |\n|---|---|\n", *rows])


PAGES = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "terms.md": terms_page,
    "explain.md": explain_page,
    **{f"errors/{code}.md": partial(error_page, code) for code in CODES},
}

if __name__ == "__main__":
    (HERE / "errors").mkdir(exist_ok=True)
    for file, page in PAGES.items():
        (HERE / file).write_text(page(), encoding="utf-8", newline="\n")
