"""Every reader of YAML refuses what hides text, and what would fill memory, with the place; new readers too."""

import ast
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from yoc.core.findings import FindingsError
from yoc.core.located import MOST_CHARACTERS, MOST_LEVELS, read_document

SOURCE = Path(__file__).resolve().parents[2] / "src/yoc"
LOADERS = {
    "load",
    "load_all",
    "safe_load",
    "safe_load_all",
    "full_load",
    "unsafe_load",
    "compose",
    "compose_all",
    "scan",
    "parse",
}
LAUGHS = "x0: &x0 [a, a]\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 60))


def refused(text: str):
    with pytest.raises(FindingsError) as caught:
        read_document(text, "a.yaml")
    assert {finding.file for finding in caught.value.findings} == {"a.yaml"}
    return caught.value.findings[0]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: &x 2\n", "YAML-FEATURE", 2),
        ("a: &x 1\nb: *x\n", "YAML-FEATURE", 1),
        ("a: 1\nb: !!python/object/apply:os.system [true]\n", "YAML-FEATURE", 2),
        ("a: 1\nb:\n  <<: {c: 1}\n", "YAML-FEATURE", 3),
        ("a: 1\na: 2\n", "YAML-DUPLICATE", 2),
        ("a: 1\n---\nb: 2\n", "YAML-SYNTAX", 2),
        ("a: 1\nb: \x00\n", "YAML-SYNTAX", 1),
    ],
)
def test_what_hides_text_is_refused_at_its_line(text: str, code: str, line: int):
    finding = refused(text)
    assert (finding.code, finding.line) == (code, line)


def test_aliases_of_aliases_are_refused_and_never_followed():
    """Sixty steps of nine would be more parts than there are atoms on earth."""
    assert refused(LAUGHS).code == "YAML-FEATURE"


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")], ids=["lists", "groups", "lists of lines"]
)
def test_text_that_is_nested_too_deeply_is_refused(opening: str, closing: str):
    for levels in (MOST_LEVELS + 1, 100_000):
        assert refused(opening * levels + "x" + closing * levels).message == "the text is nested too deeply"
    read_document(opening * MOST_LEVELS + "x" + closing * MOST_LEVELS, "a.yaml")


def test_a_huge_document_is_refused_by_its_size():
    finding = refused("a" * (MOST_CHARACTERS + 1))
    assert finding.code == "FILE-UNREADABLE"
    assert finding.message == "the file has 1,000,001 characters, and at most 1,000,000 are read as YAML"


def test_memory_stays_small():
    """In 400 MB of address space more than Python takes, a bomb of aliases is still refused in words."""
    program = (
        "import sys; from yoc.core.findings import FindingsError; from yoc.core.located import read_document\n"
        "try: read_document(sys.stdin.read(), 'a.yaml')\n"
        "except FindingsError as error: print(error.findings[0].code)\n"
    )

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (800 << 20, 800 << 20))

    done = subprocess.run(
        [sys.executable, "-c", program], input=LAUGHS, capture_output=True, text=True, preexec_fn=limited, check=False
    )
    assert done.stdout.strip() == "YAML-FEATURE", done.stderr


def test_yaml_is_read_in_one_place_alone():
    """So that whatever that place refuses, no reader takes."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "yaml":
                reads = called.attr in LOADERS
                assert not reads or path.name == "located.py", f"{path}:{node.lineno}"
