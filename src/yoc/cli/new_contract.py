"""What `yoc contract new` is told by its options, and what it asks for where a person sits at the terminal."""

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import typer

from yoc.contract.budget import BUDGET_SETTINGS
from yoc.contract.model import Currency
from yoc.core.fields import parse_name
from yoc.core.money import MoneyError, parse_pounds
from yoc.core.periods import FinancialYear, PeriodError
from yoc.core.rates import RateError, parse_rate, parse_share
from yoc.workflow.new_contract import NamedParty, Shape, Wanted

SHAPES: tuple[str, ...] = get_args(Shape)


@dataclass(frozen=True)
class Answers:
    """What was given, as text; ``None`` or empty where it was not."""

    directory: Path
    id: str | None = None
    title: str | None = None
    shape: str | None = None
    commissioner: str | None = None
    hosts: tuple[str, ...] = ()
    first_year: str | None = None
    years: int | None = None
    currency: str | None = None
    rates: tuple[str, ...] = ()
    host_keeps: str | None = None
    profit_limit: str | None = None
    at_risk: str | None = None


def someone_is_there() -> bool:
    """Whether a person can answer."""
    return sys.stdin.isatty()


def ask_what_is_missing(answers: Answers) -> Answers:
    """The answers with those that a person gives at the terminal; as they are where nobody is there."""
    if not someone_is_there():
        return answers
    name = answers.id or _ask("Name of the contract", parse_name, answers.directory.resolve().name)
    title = answers.title or _ask("Title", str, name.replace("-", " ").capitalize())
    shape = answers.shape or _ask(f"Shape ({', '.join(SHAPES)})", _shape, "plain")
    commissioner = answers.commissioner or _ask("Commissioner, as CODE:NAME", _checked(_party), "ICB:Commissioner")
    hosts = answers.hosts
    while not answers.hosts:
        said = "A host, as CODE:NAME" if not hosts else "Another host, or nothing to go on"
        given = _ask(said, _checked(_party), "" if hosts else "HOST:Host")
        if not given:
            break
        hosts = (*hosts, given)
    first_year = answers.first_year or _ask("First financial year", _checked(FinancialYear.parse), str(_next_year()))
    years = answers.years or int(_ask("For how many years", _checked(_years), "1"))
    return replace(
        answers, id=name, title=title, shape=shape, commissioner=commissioner, hosts=hosts, first_year=first_year,
        years=years, currency=answers.currency or _ask("Currency", _checked(Currency), "GBP"),
    )  # fmt: skip


def _ask(question: str, read: Callable[[str], Any], default: str) -> str:
    """Ask until the answer can be read."""
    while True:
        answer: str = typer.prompt(question, default=default, show_default=bool(default)).strip()
        if not answer and not default:
            return answer
        try:
            read(answer)
        except (ValueError, typer.BadParameter) as error:
            typer.echo(f"  {error}")
        else:
            return answer


def _checked(read: Callable[[str], Any]) -> Callable[[str], str]:
    def check(text: str) -> str:
        read(text)
        return text

    return check


def _next_year() -> FinancialYear:
    """The financial year that begins next."""
    today = dt.date.today()
    return FinancialYear(today.year + (today.month >= 4))


def wanted_from(answers: Answers) -> Wanted:
    """What is wanted. Raises ``typer.BadParameter`` where an answer cannot be used or has to be given."""
    name = _read("--id", parse_name, answers.id or answers.directory.resolve().name)
    shape = _read("--shape", _shape, answers.shape or "plain")
    currency = _read("--currency", _currency, answers.currency or "GBP")
    if not answers.commissioner:
        raise typer.BadParameter("say who commissions, as CODE:NAME", param_hint="--commissioner")
    if not answers.hosts and shape != "table":
        raise typer.BadParameter("say who the host is, as CODE:NAME", param_hint="--host")
    if not answers.first_year and shape != "table":
        raise typer.BadParameter("say the first financial year, as 2026/27", param_hint="--first-year")
    rates: dict[str, dict[str, str]] = {}
    for text in answers.rates:
        segment, setting, amount = _read("--rate", lambda given: _rate(given, currency), text)
        if setting in rates.setdefault(segment, {}):
            raise typer.BadParameter(f"{segment}:{setting} is given twice", param_hint="--rate")
        rates[segment][setting] = amount
    parties = [_read("--commissioner", _party, answers.commissioner)]
    parties += [_read("--host", _party, text) for text in answers.hosts]
    codes = [party.code for party in parties]
    for code in codes:
        if codes.count(code) > 1:
            raise typer.BadParameter(f"two parties have the code {code}", param_hint="--host")
    return Wanted(
        id=name,
        title=" ".join((answers.title or name.replace("-", " ").capitalize()).split()),
        shape=shape,
        commissioner=parties[0],
        hosts=tuple(parties[1:]),
        first_year=_read("--first-year", FinancialYear.parse, answers.first_year) if answers.first_year else None,
        years=answers.years or 1,
        currency=currency,
        rates=rates,
        host_keeps=_read("--host-keeps", _share, answers.host_keeps) if answers.host_keeps else "",
        profit_limit=_read("--profit-limit", _positive_rate, answers.profit_limit) if answers.profit_limit else "",
        at_risk=_read("--at-risk", _share, answers.at_risk) if answers.at_risk else "",
    )


def _read(option: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, RateError, MoneyError, PeriodError) as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _shape(text: str) -> str:
    if text not in SHAPES:
        raise ValueError(f"{text!r} is not a shape: use {', '.join(SHAPES[:-1])} or {SHAPES[-1]}")
    return text


def _currency(text: str) -> Currency:
    if text.upper() not in Currency.__members__.values():
        raise ValueError(f"{text!r} is not a currency here: use {', '.join(one.value for one in Currency)}")
    return Currency(text.upper())


def _years(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 50:
        raise ValueError(f"{text!r} is not a number of years from 1 to 50")
    return int(text)


def _party(text: str) -> NamedParty:
    code, colon, name = text.partition(":")
    if not colon or not name.strip():
        raise ValueError(f"{text!r} is not a code and a name: write them as XQY:Sample ICB")
    if code.strip() in ("host", "commissioner"):
        raise ValueError(f"{code.strip()!r} stands for whoever that is in a settlement: give the party another code")
    return NamedParty(parse_name(code.strip()), name.strip())


def _rate(text: str, currency: Currency) -> tuple[str, str, str]:
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3:
        raise ValueError(f"{text!r} is not a segment, a setting and a sum: write them as adults:emergency:£850")
    segment, setting, amount = parse_name(parts[0]), parts[1], parts[2]
    if setting not in BUDGET_SETTINGS:
        raise ValueError(f"{setting!r} is not a setting of a budget: use {', '.join(BUDGET_SETTINGS)}")
    if parse_pounds(amount) <= 0:
        raise ValueError(f"{amount!r} is not above nothing")
    if amount[0] != currency.sign:
        raise ValueError(f"{amount!r} is not in the contract's currency: write it with {currency.sign}")
    return segment, setting, amount


def _share(text: str) -> str:
    parse_share(text)
    return text.strip()


def _positive_rate(text: str) -> str:
    if parse_rate(text) <= 0:
        raise ValueError(f"{text!r} is not above nothing")
    return text.strip()
