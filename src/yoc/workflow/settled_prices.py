"""What a settlement says of its prices: the versions that it worked with, and what came with each re-issue."""

from typing import TYPE_CHECKING, Any

from yoc.contract.position import Position, PriceReissue
from yoc.core.periods import parse_date
from yoc.tariff import BookHeader

if TYPE_CHECKING:
    # It brings the database with it, and a position is read from a run without one.
    from yoc.workflow.settle_plan import Outcome


def price_version(header: BookHeader) -> dict[str, str]:
    """One version of the prices that a run worked with."""
    return {
        "book": header.book,
        "year": str(header.year),
        "version": header.version,
        "published_on": header.published_on.isoformat(),
        "effective_from": header.effective_from.isoformat(),
        "effective_to": header.effective_to.isoformat(),
        "supersedes": header.supersedes or "",
    }


def price_reissues(outcome: "Outcome", position: Position) -> list[dict[str, Any]]:
    """What each re-issue of prices changed by setting and provider: whole pence that add to its setting's."""
    own = (cell for cell in outcome.activity.reissues if cell.host == position.host)
    cells = {(cell.version, cell.setting, cell.provider): cell for cell in own}
    return [
        {
            "book": again.book,
            "published_on": again.published_on.isoformat(),
            "effective_from": again.effective_from.isoformat(),
            "setting": setting,
            "provider": provider,
            "lines": cells[version, setting, provider].lines,
            "lines_without_price_before": cells[version, setting, provider].lines_new,
            "pence": pence,
        }
        for version, again in zip(outcome.activity.reissued, position.price_reissues, strict=True)
        for (setting, provider), pence in again.pence_by_cell.items()
        if (version, setting, provider) in cells
    ]


def reissue_content(again: PriceReissue) -> dict[str, Any]:
    """One re-issue as the terms worked on it, for the evidence of a host's position."""
    return {
        "book": again.book,
        "published_on": again.published_on.isoformat(),
        "effective_from": again.effective_from.isoformat(),
        "pence_by_setting": dict(again.pence_by_setting),
        "pence_by_provider": dict(again.pence_by_provider),
        "pence_by_cell": [[*cell, pence] for cell, pence in again.pence_by_cell.items()],
    }


def reissue_of(held: dict[str, Any]) -> PriceReissue:
    """A re-issue from the evidence of a host's position."""
    return PriceReissue(
        held["book"],
        parse_date(held["published_on"]),
        parse_date(held["effective_from"]),
        dict(held["pence_by_setting"]),
        dict(held["pence_by_provider"]),
        {(setting, provider): pence for setting, provider, pence in held["pence_by_cell"]},
    )
