"""Reading a contract: its file, the files that it builds on, its model, and the checks of the whole."""

from collections.abc import Iterable
from typing import TypeVar

from yoc.contract.checks import whole_checks
from yoc.contract.family import Opener, no_base, read_family
from yoc.contract.model import ActivityContract, Contract
from yoc.core.findings import stop_if_any
from yoc.core.located import Document, read_model

ContractType = TypeVar("ContractType", bound=Contract)


def read_contract(text: str, file: str, open_base: Opener = no_base) -> Contract:
    """Read a contract of either form. Raises ``FindingsError`` with every fault, each with file, line and column."""
    return read_placed_contract(text, file, open_base)[0]


def read_placed_contract(text: str, file: str, open_base: Opener = no_base) -> tuple[Contract, Document]:
    """A contract with the document that knows the place of each part. Raises ``FindingsError`` likewise."""
    document = read_family(text, file, open_base)
    return _checked(document, ActivityContract if _is_of_activity(document) else Contract), document


def read_activity_contract(text: str, file: str, open_base: Opener = no_base) -> tuple[ActivityContract, Document]:
    """A contract that is reconciled from people and activity lines, with its document. Raises ``FindingsError``."""
    document = read_family(text, file, open_base)
    return _checked(document, ActivityContract), document


def _is_of_activity(document: Document) -> bool:
    content: Iterable[str] = document.content if isinstance(document.content, dict) else ()
    return any(section in content for section in ("population", "activity"))


def _checked(document: Document, model: type[ContractType]) -> ContractType:
    contract = read_model(document, model)
    stop_if_any(whole_checks(contract, document))
    return contract
