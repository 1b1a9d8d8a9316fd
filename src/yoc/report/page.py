"""The page: everything that a reader asks first, in one file that needs no other."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yoc.core.money import format_pounds
from yoc.report import beside_tables, contract_tables, host_tables
from yoc.report.chart import chart_svg, draws_on_account
from yoc.report.cover import how_made
from yoc.report.figures import Host, Settlement
from yoc.report.table import shown
from yoc.report.words import (
    banners,
    budget_sentence,
    choices_in_words,
    every_pound_sentence,
    is_shadow,
    payment_sentence,
    price_sentence,
    terms_sentence,
    verdict,
)


def page_environment() -> Environment:
    """What pages are rendered with: everything is escaped, and a name that is not there is a fault."""
    environment = Environment(
        loader=PackageLoader("yoc.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["pounds"] = format_pounds
    environment.filters["shown"] = shown
    return environment


def page_html(settlement: Settlement, workbooks: dict[str, str]) -> bytes:
    """The page in UTF-8. ``workbooks`` names each host's workbook, and the commissioner's under ``""``."""
    return page_environment().get_template("page.html.j2").render(_context(settlement, workbooks)).encode()


def _context(settlement: Settlement, workbooks: dict[str, str]) -> dict[str, Any]:
    with_on_account = draws_on_account(settlement)
    hosts = [
        _host(settlement, host, f"host-{number}", with_on_account) | {"workbook": workbooks[host["host"]]}
        for number, host in enumerate(settlement["hosts"], 1)
    ]
    return {
        "settlement": settlement,
        "contract": settlement["contract"],
        "totals": settlement["totals"],
        "shadow": is_shadow(settlement),
        "banners": banners(settlement),
        "verdict": verdict(settlement),
        "held": all(check["passed"] for check in settlement["checks"]),
        "sentences": (
            budget_sentence(settlement["totals"]),
            terms_sentence(settlement["totals"], "the hosts together"),
        ),
        "every_pound_sentence": every_pound_sentence(settlement),
        "price_sentence": price_sentence(settlement),
        "hosts": hosts,
        "with_on_account": with_on_account,
        "workbook": workbooks[""],
        "summary": contract_tables.summary(settlement),
        "net_by_party": contract_tables.net_by_party(settlement),
        "every_pound": contract_tables.every_pound(settlement),
        "files": contract_tables.files_by_kind(settlement),
        "rejected": contract_tables.rejected(settlement),
        "findings": contract_tables.findings(settlement),
        "checks": contract_tables.checks(settlement),
        "how_made": how_made(settlement),
        "choices": choices_in_words(settlement["contract"]),
        "beside": _beside(settlement) if "beside" in settlement else None,
    }


def _beside(settlement: Settlement) -> dict[str, Any]:
    """The section of the contract beside: the bridge, what each host would get, and what it says otherwise."""
    return {
        "sentence": beside_tables.sentence(settlement),
        "bridge": beside_tables.bridge(settlement, settlement["beside"]["all"]),
        "hosts": beside_tables.hosts(settlement),
        "changes": beside_tables.changes(settlement),
        "between_others": beside_tables.between_others(settlement),
    }


def _host(settlement: Settlement, host: Host, anchor: str, with_on_account: bool) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "code": host["host"],
        "name": host["name"],
        "due_pence": host["closing_pence"],
        "sentences": (budget_sentence(host["summary"]), terms_sentence(host["summary"])),
        "payment_sentence": payment_sentence(settlement, host),
        # The drawing is markup made here, whose text is escaped where it is made.
        "chart": Markup(chart_svg(settlement, host, with_on_account, anchor)),  # noqa: S704
        "lines": host_tables.lines(settlement, host),
        "who_pays_whom": host_tables.who_pays_whom(settlement, host),
    }
