"""`make mutation`: small faults are put one by one into the code that decides money, and the tests have to notice.

Not changed is what carries no money: messages of exceptions, texts that are put together, strings with a capital or a
space, and the sentences of a contract in words. What mypy refuses counts as noticed, since `make test` runs it.

Names of mutants, or patterns of them, may be given to try only those: `run.py 'yoc.core.money.*'`. With `--again` those
that nothing noticed are tried again, after tests were added; with `--report` the last result is printed again.
"""

import json
import os
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

COPIES = Path("mutants")
COLUMNS = ("killed", "caught by type check", "timeout", "survived", "no tests")


def is_wording(node):
    """Whether a node of the syntax tree is words for people, with all that is in it."""
    import libcst as cst

    if isinstance(node, cst.SimpleString):
        return bool(re.search("[A-Z ]", node.raw_value))
    if isinstance(node, cst.FunctionDef):
        return node.name.value.endswith("in_words")
    return isinstance(node, cst.Raise | cst.FormattedString | cst.ConcatenatedString)


def try_mutants(names):
    """Let mutmut make the mutants and try them one at a time, each with the quickest of its tests first."""
    from mutmut.__main__ import cli
    from mutmut.configuration import config
    from mutmut.mutation.file_mutation import MutationVisitor
    from mutmut.runners.harness import PytestRunner
    from mutmut.state import state

    skips, arguments = MutationVisitor._skip_node_and_children, PytestRunner._pytest_args_regular_run

    def quickest_first(runner, tests):
        durations = state().duration_by_test
        return arguments(runner, sorted(tests, key=lambda test: (durations.get(test, 0), test)))

    MutationVisitor._skip_node_and_children = lambda self, node: is_wording(node) or skips(self, node)
    PytestRunner._pytest_args_regular_run = quickest_first
    config().type_check_command = [
        sys.executable,
        "-m",
        "mypy",
        "--output",
        "json",
        "--disable-error-code=unused-ignore",
    ]
    cli(["run", "--max-children", "1", *names], standalone_mode=False)


def results():
    """The outcome of every mutant by its name, for each module."""
    from mutmut.stats import status_by_exit_code

    by_module = {}
    for meta in sorted(COPIES.rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        module = meta.relative_to(COPIES / "src/yoc").as_posix().removesuffix(".meta")
        by_module[module] = {name: status_by_exit_code[code] for name, code in codes.items()}
    return by_module


def unnoticed():
    return [
        name for names in results().values() for name, status in names.items() if status in ("survived", "no tests")
    ]


def forget(names):
    """Leave the outcome of these mutants open, so that they are tried again."""
    for meta in COPIES.rglob("*.py.meta"):
        content = json.loads(meta.read_text(encoding="utf-8"))
        content["exit_code_by_key"] |= dict.fromkeys(content["exit_code_by_key"].keys() & set(names))
        meta.write_text(json.dumps(content), encoding="utf-8")


def report():
    """Print the change that each mutant made that nothing noticed, and a table of modules."""
    from mutmut.__main__ import cli

    for name in unnoticed():
        cli(["show", name], standalone_mode=False)
    print("\n| module | mutants | " + " | ".join(COLUMNS) + " |\n|---|" + "--:|" * (len(COLUMNS) + 1))
    counts = {module: Counter(names.values()) for module, names in results().items() if names}
    counts["all"] = sum(counts.values(), Counter())
    for module, count in counts.items():
        print(f"| {module} | {count.total()} | " + " | ".join(str(count[column]) for column in COLUMNS) + " |")


if __name__ == "__main__":
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    names = sys.argv[1:]
    if not names:
        shutil.rmtree(COPIES, ignore_errors=True)
    if names == ["--again"]:
        forget(unnoticed())
        names = []
    if names != ["--report"]:
        try_mutants(names)
    report()
