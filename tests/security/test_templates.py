"""Every template escapes what it is given, and fails where it is given nothing; pages run no script."""

import ast
import re
from pathlib import Path

import jinja2
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src/yoc"
TEMPLATES = sorted(path for path in SOURCE.rglob("*.j2"))
PAGES = [path for path in TEMPLATES if ".html" in path.name]
HOSTILE = "<script>alert(1)</script>"


def environments() -> list[tuple[Path, ast.Call]]:
    """Every place in our code that makes an environment of templates."""
    return [
        (path, node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("Environment", "Template")
    ]


def test_every_environment_is_strict_and_those_of_pages_escape():
    assert environments()
    for path, call in environments():
        given = {each.arg: each.value for each in call.keywords}
        assert "StrictUndefined" in ast.unparse(given["undefined"]), path
        if path.is_relative_to(SOURCE / "report"):
            assert ast.unparse(given["autoescape"]) == "True", path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_lets_text_through_as_it_is(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", text)
    assert not re.search(r"<script|javascript:|\bon\w+\s*=|https?://(?!www\.w3\.org)", text, re.IGNORECASE)


def test_escaping_does_what_is_asked_of_it():
    shown = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        '<p title="{{ a }}">{{ a }}</p>'
    )
    assert HOSTILE not in shown.render(a=HOSTILE) and "&#34;" in shown.render(a='"')
    with pytest.raises(jinja2.UndefinedError):
        shown.render()
