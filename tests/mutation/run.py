"""`make mutation`: small faults are put one by one into the code that decides money, and the tests have to notice.

Not changed is what carries no money: messages of exceptions, texts that are put together, the variables that hold them,
strings with a capital or a space, and the sentences of a contract in words. What mypy refuses counts as noticed, since
`make test` runs it. What runs while modules are imported is tried in a process of its own.

Names of mutants, or patterns of them, may be given to try only those: `run.py 'yoc.core.money.*'`. With `--again` those
that nothing noticed are tried again, after tests were added; with `--report` the last result is printed again.
"""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

COPIES = Path("mutants")
TEXTS = {"formula", "words", "said", "detail", "message", "mend"}
"""Variables that hold a text for readers, wherever they stand."""
CLOSEST = 40
"""How many tests are tried before all others: to gather hundreds takes longer than to run a few."""
SLOW = "tests/properties/test_contract_laws_study.py::"
"""Tests that take as long as all others together, and are tried only where there are no others."""
AT_IMPORT = re.compile(r"x_(_discover|_from_text|must_be_whole|_checked)__|__pydantic_init_subclass__")
COLUMNS = ("killed", "caught by type check", "timeout", "survived", "no tests")


def is_wording(node):
    """Whether a node of the syntax tree is words for people, with all that is in it."""
    import libcst as cst

    if isinstance(node, cst.SimpleString):
        return bool(re.search("[A-Z ]", node.raw_value))
    if isinstance(node, cst.FunctionDef):
        return node.name.value.endswith("in_words")
    if isinstance(node, cst.AugAssign):
        return getattr(node.target, "value", None) in TEXTS
    if isinstance(node, cst.Assign):
        return getattr(node.targets[0].target, "value", None) in TEXTS
    return isinstance(node, cst.Raise | cst.FormattedString | cst.ConcatenatedString)


def try_mutants(names):
    """Let mutmut make the mutants and try them, each against the tests that ask least of the rest of the code first."""
    from mutmut.__main__ import cli
    from mutmut.configuration import config
    from mutmut.mutation.file_mutation import MutationVisitor
    from mutmut.runners.harness import PytestRunner
    from mutmut.state import state

    skips, run_tests = MutationVisitor._skip_node_and_children, PytestRunner.run_tests

    def closest_first(runner, *, mutant_name, tests):
        known = state()
        asks = Counter(test for own in known.tests_by_mangled_function_name.values() for test in own)
        quick = [test for test in tests if not test.startswith(SLOW)] or tests
        ordered = sorted(quick, key=lambda test: (asks[test], known.duration_by_test.get(test, 0), test))
        code = run_tests(runner, mutant_name=mutant_name, tests=ordered[:CLOSEST])
        return (
            code or run_tests(runner, mutant_name=mutant_name, tests=ordered[CLOSEST:]) if ordered[CLOSEST:] else code
        )

    MutationVisitor._skip_node_and_children = lambda self, node: is_wording(node) or skips(self, node)
    PytestRunner.run_tests = closest_first
    config().type_check_command = [
        sys.executable,
        "-m",
        "mypy",
        "--output",
        "json",
        "--disable-error-code=unused-ignore",
    ]
    children = os.environ.get("MUTATION_PROCESSES", "1")
    cli(["run", "--max-children", children, *names], standalone_mode=False)


def try_at_import(names):
    """Try mutants of what has run before mutmut could change it, each in a process of its own."""
    from mutmut.configuration import config

    tests = [*config().pytest_add_cli_args_test_selection, *config().pytest_add_cli_args]
    for name in filter(AT_IMPORT.search, names):
        environment = os.environ | {"MUTANT_UNDER_TEST": name, "PYTHONPATH": str(Path.cwd() / COPIES / "src")}
        command = [sys.executable, "-m", "pytest", "-x", "-q", *tests]
        code = subprocess.run(command, cwd=COPIES, env=environment, capture_output=True, check=False).returncode
        record([name], 1 if code else 0)


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


def record(names, code):
    """Set the outcome of these mutants, as mutmut codes it; ``None`` leaves it open, so that they are tried again."""
    for meta in COPIES.rglob("*.py.meta"):
        content = json.loads(meta.read_text(encoding="utf-8"))
        own = content["exit_code_by_key"].keys() & set(names)
        if own:
            content["exit_code_by_key"] |= dict.fromkeys(own, code)
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


def result_of(outcomes, date, code, page):
    """The counts of a finished run by module, as the page of evidence takes them; none while one is not tried yet."""
    names = {
        "killed": "noticed_by_tests",
        "caught by type check": "noticed_by_types",
        "timeout": "timed_out",
        "survived": "survived",
        "no tests": "no_tests",
    }
    counts = {module: Counter(tried.values()) for module, tried in outcomes.items() if tried}
    whole = sum(counts.values(), Counter())
    if set(whole) - set(names):
        return None

    def told(count):
        return {"total": count.total(), **{name: count[column] for column, name in names.items()}}

    modules = [{"module": module, **told(count)} for module, count in counts.items()]
    return {"date": date, "code": code, "page": page, **told(whole), "modules": modules}


def keep_result():
    """Keep the counts beside the dated page, with the state of the code that they are of."""
    from yoc.audit.evidence import package_sha256

    date = dt.datetime.now(dt.UTC).date().isoformat()
    path = Path("docs/explanation") / f"mutation-{date}.json"
    result = result_of(results(), date, package_sha256(), path.with_suffix(".md").as_posix())
    if result is not None:
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"Kept in {path.as_posix()}; {path.with_suffix('.md').name} is written by hand")


if __name__ == "__main__":
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    names = sys.argv[1:]
    if not names:
        shutil.rmtree(COPIES, ignore_errors=True)
    if names == ["--again"]:
        record(unnoticed(), None)
        names = []
    if names != ["--report"]:
        try_mutants(names)
        try_at_import(unnoticed())
        if not names:
            keep_result()
    report()
