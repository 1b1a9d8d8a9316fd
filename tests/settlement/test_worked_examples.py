"""Every contract of the project comes to the answers that are agreed beside it, each worked from its source by hand."""

from pathlib import Path

import pytest

from yoc.settlement.examples import read_examples
from yoc.workflow.check_contract import EXAMPLES, work_examples
from yoc.workflow.contract_files import read_contract_file

ROOT = Path(__file__).resolve().parents[2]


def contracts_with_examples():
    for beside in sorted(ROOT.glob("contracts/**/" + EXAMPLES)):
        file = read_examples(beside.read_text(encoding="utf-8"), beside.name).file
        for name in dict.fromkeys(example.contract or file.contract for example in file.examples):
            yield beside.parent / name


@pytest.mark.law("Every contract comes to the answers that are agreed beside it, worked by hand from its source.")
@pytest.mark.parametrize(
    "path", list(contracts_with_examples()), ids=lambda path: path.relative_to(ROOT / "contracts").as_posix()
)
def test_a_contract_comes_to_its_agreed_answers(path, record_property):
    worked = work_examples(read_contract_file(path), path)
    record_property("examples", {"contract": path.relative_to(ROOT).as_posix(), "worked": len(worked)})
    assert worked
    assert [difference for each in worked for difference in each.differences] == []
