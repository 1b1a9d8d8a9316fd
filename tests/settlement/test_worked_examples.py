"""Every contract of the project comes to the answers that are agreed beside it, each worked from its source by hand."""

from pathlib import Path

import pytest

from yoc.workflow.check_contract import EXAMPLES, work_examples
from yoc.workflow.contract_files import read_contract_file

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    path
    for examples in sorted(ROOT.glob("contracts/**/" + EXAMPLES))
    for path in sorted(examples.parent.glob("*.yaml"))
    if path.name != EXAMPLES and not path.name.startswith(("base", "map-"))
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT / "contracts").as_posix())
def test_a_contract_comes_to_its_agreed_answers(path):
    worked = work_examples(read_contract_file(path), path)
    assert [difference for each in worked for difference in each.differences] == []
