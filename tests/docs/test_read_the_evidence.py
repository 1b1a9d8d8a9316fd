"""The page about evidence names the keys that evidence.json has, and no other."""

import re
from pathlib import Path

from yoc.workflow.gather_evidence import gather

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/read-the-evidence.md"


def told() -> dict[str, set[str]]:
    """The keys that each row of the table of the JSON names."""
    section = PAGE.read_text(encoding="utf-8").split("## The same as JSON")[1].split("## ")[0]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|$", section, flags=re.MULTILINE)
    return {key: set(re.findall(r"`(\w+)`", holds)) for keys, holds in rows for key in re.findall(r"`(.*?)`", keys)}


def test_every_key_of_the_json_is_told():
    content, page = gather(None), told()
    assert content.keys() - {"schema"} == {key for key in page if "." not in key}
    said = {word for words in page.values() for word in words} | {key.split(".")[-1] for key in page}
    assert content["tests"].keys() - {"schema"} <= said
    for part in ("laws", "published", "worked_examples", "coverage"):
        keys = {key for each in content["tests"][part] for key in each}
        assert keys <= page[f"tests.{part}"], part
    assert content["dependencies"][0].keys() == page["dependencies"]
