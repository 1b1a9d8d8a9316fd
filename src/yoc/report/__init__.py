"""Statements: a workbook for each host and for the commissioner, and one page for everybody, from a settlement.

The room reads figures and writes them down. It works out no figure that a payment depends on.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yoc.report import beside_tables
from yoc.report.contract_tables import account_tables, commissioner_tables
from yoc.report.cover import cover_table
from yoc.report.figures import party_label
from yoc.report.host_tables import tables_of_host
from yoc.report.page import page_html
from yoc.report.table import Table
from yoc.report.words import banners
from yoc.report.workbook import Frame, workbook_bytes

COMMISSIONER_WORKBOOK = "statement-commissioner.xlsx"
PAGE = "index.html"


def render(settlement: Mapping[str, Any], step: Callable[[], None] = lambda: None) -> dict[str, bytes]:
    """Every statement of a settlement, by file name: the same settlement gives the same bytes.

    ``settlement`` is the content of ``settlement.json``. ``step`` is called once a file, to show how far it is.
    """
    names = {host["host"]: workbook_name(host["host"]) for host in settlement["hosts"]}
    files: dict[str, bytes] = {}
    for name, made in workbooks(settlement):
        files[name] = workbook_bytes(made.tables, made.frame)
        step()
    files[PAGE] = page_html(settlement, {**names, "": COMMISSIONER_WORKBOOK})
    step()
    return files


@dataclass(frozen=True)
class MadeWorkbook:
    """A workbook before it is written: its tables in the order of its sheets, and what stands on all of them."""

    tables: tuple[Table, ...]
    frame: Frame


def workbooks(settlement: Mapping[str, Any]) -> Iterator[tuple[str, MadeWorkbook]]:
    """Every workbook of a settlement by its file name: the hosts', then the commissioner's."""
    account = account_tables(settlement)
    for host in settlement["hosts"]:
        party = party_label(settlement, host["host"])
        tables = [*tables_of_host(settlement, host), *beside_tables.host_tables(settlement, host), *account]
        yield workbook_name(host["host"]), _workbook(settlement, f"Statement of {host['name']}", party, tables)
    party = party_label(settlement, settlement["contract"]["commissioner"])
    tables = [*commissioner_tables(settlement), *beside_tables.commissioner_tables(settlement)]
    title = "Statement of all hosts, for the commissioner"
    yield COMMISSIONER_WORKBOOK, _workbook(settlement, title, party, tables)


def _workbook(settlement: Mapping[str, Any], title: str, party: str, tables: list[Table]) -> MadeWorkbook:
    frame = Frame(
        subtitle=f"{party}. {settlement['contract']['title']}, {settlement['year']}",
        banners=banners(settlement),
        run_id=settlement["run_id"],
        software=settlement["software"],
        as_of=settlement["as_of"],
    )
    return MadeWorkbook((cover_table(settlement, title, party, tables), *tables), frame)


def workbook_name(host: str) -> str:
    """``statement-NWB.xlsx``; a character that has no place in a file's name becomes ``_``."""
    return f"statement-{re.sub(r'[^A-Za-z0-9-]', '_', host)}.xlsx"
