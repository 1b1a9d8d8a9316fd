"""Reading a contract's file for people: its story, with the titles of its indicators where their catalogue is there."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from yoc.contract.model import Contract
from yoc.contract.story import Story, contract_story
from yoc.outcomes.catalogue import read_catalogue
from yoc.workflow.contract_files import read_contract_file, read_text
from yoc.workflow.contract_schema import workspace_above


def story_of(path: Path) -> Story:
    """A contract's file in words. Raises ``FindingsError`` with every fault of the contract or its catalogue."""
    contract = read_contract_file(path).contract
    return contract_story(contract, indicator_titles(contract, path))


def indicator_titles(contract: Contract, path: Path) -> Mapping[str, str]:
    """The titles of the indicators in the catalogue that the contract names; none where it is not in this workspace."""
    workspace = workspace_above(path.resolve().parent)
    if contract.indicators is None or workspace is None:
        return {}
    pure = PurePosixPath(contract.indicators)
    catalogue = (workspace / pure).resolve()
    if pure.is_absolute() or not catalogue.is_relative_to(workspace) or not catalogue.is_file():
        return {}
    read = read_catalogue(read_text(catalogue, contract.indicators), contract.indicators)
    return {indicator.id: indicator.title for indicator in read.indicators}
