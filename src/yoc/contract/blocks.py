"""Blocks: a fixed value that a provider is paid whatever its activity, shared out to the hosts by a stated key.

The value goes to the hosts and to the rest of the people whom the block serves, jointly and to the penny, so that no
pound of it is lost or charged twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from yoc.core.fields import Count, Model, Name, Pence, Share, Text
from yoc.core.findings import Finding
from yoc.core.located import Document, Path
from yoc.core.money import format_pounds, split_pence
from yoc.core.rates import format_percent

if TYPE_CHECKING:
    from yoc.contract.model import ActivityContract, Contract


class Block(Model):
    """A block value and the key by which it is shared out.

    ``person_days``: what each host's people counted for, over ``whole``, which everybody whom the block serves counted
    for. ``lines``: the provider's lines for people of a host's cohort, over all its lines. ``shares``: as stated.
    """

    id: Name
    clause: Text | None = None
    title: Text | None = None
    provider: Name
    setting: Name
    value: Pence
    key: Literal["person_days", "lines", "shares"]
    whole: Annotated[Count, Field(ge=1)] | None = None
    shares: dict[Name, Share] | None = None


class BlockError(ValueError):
    """A block that cannot be shared out by its key; its message says why."""


@dataclass(frozen=True)
class BlockShare:
    """What a block comes to for each host and for the rest of its people, in whole pence that add to its value."""

    block: str
    value_pence: int
    pence_by_host: Mapping[str, int]
    rest_pence: int
    formula_by_host: Mapping[str, str]


def share_block(
    block: Block, hosts: Sequence[str], units_by_host: Mapping[str, int], whole_lines: int, unit_name: str
) -> BlockShare:
    """Share a block's value out: largest remainder, ties to the hosts in the contract's order, the rest last.

    ``units_by_host`` holds what each host's people counted for (``person_days``, in units that ``unit_name`` names) or
    each host's lines (``lines``, of ``whole_lines``); under ``shares`` neither is needed. Raises ``BlockError`` where
    the hosts' units exceed the whole, or there is no line.

    >>> block = Block(id="b", provider="P", setting="primary", value="£100", key="person_days", whole="3")
    >>> made = share_block(block, ["A", "B"], {"A": 1, "B": 1}, 0, "person-days")
    >>> made.pence_by_host, made.rest_pence
    ({'A': 3334, 'B': 3333}, 3333)
    >>> made.formula_by_host["A"]
    '£100.00 × 1 of 3 person-days'
    """
    if block.key == "shares":
        shares = block.shares or {}
        weights = [shares[host] for host in hosts]
        rest = 1 - sum(weights, Fraction(0))
        words = [f"stated share {format_percent(weight)}" for weight in weights]
    else:
        unit_name = unit_name if block.key == "person_days" else "lines"
        whole = (block.whole or 0) if block.key == "person_days" else whole_lines
        counts = [units_by_host.get(host, 0) for host in hosts]
        if whole == 0:
            raise BlockError(f"block `{block.id}` is shared by lines, and the files hold none of {block.provider}")
        if sum(counts) > whole:
            raise BlockError(
                f"block `{block.id}` serves {whole:,} {unit_name} in all, and the hosts alone count {sum(counts):,}"
            )
        weights, rest = [Fraction(count) for count in counts], Fraction(whole - sum(counts))
        words = [f"{count:,} of {whole:,} {unit_name}" for count in counts]
    *parts, left = split_pence(block.value, [*weights, rest])
    formulas = [f"{format_pounds(block.value)} × {said}" for said in words]
    return BlockShare(
        block.id,
        block.value,
        dict(zip(hosts, parts, strict=True)),
        left,
        dict(zip(hosts, formulas, strict=True)),
    )


def check_blocks(contract: "ActivityContract", document: Document) -> Iterator[Finding]:
    """What is wrong with the blocks of a contract, each at its place."""
    seen: set[str] = set()
    for place, block in enumerate(contract.activity.blocks):
        path: Path = ("activity", "blocks", place)
        if block.id in seen:
            yield document.finding("FIELD-VALUE", f"block `{block.id}` is given twice", (*path, "id"))
        seen.add(block.id)
        yield from _check_names(contract, document, block, path)
        yield from _check_key(contract, document, block, path)


def _check_names(contract: "ActivityContract", document: Document, block: Block, path: Path) -> Iterator[Finding]:
    parties = {party.code: party for party in contract.parties}
    if block.provider not in parties:
        message = f"block `{block.id}` names `{block.provider}`, which is not a party to the contract"
        yield document.finding("TERM-REFERENCE", message, (*path, "provider"), "add it to `parties:`")
    elif parties[block.provider] in contract.hosts and contract.route.value == "host_pays_provider":
        message = f"block `{block.id}` is of `{block.provider}`, a host, which would pay itself"
        yield document.finding("TERM-REFERENCE", message, (*path, "provider"), "name a party that is no host")
    settings = contract.budget.settings()
    if block.setting not in settings:
        message = f"block `{block.id}` is for `{block.setting}`, which is not a setting that the budget covers"
        mend = f"the budget covers {', '.join(settings)}"
        yield document.finding("TERM-REFERENCE", message, (*path, "setting"), mend)


def _check_key(contract: "ActivityContract", document: Document, block: Block, path: Path) -> Iterator[Finding]:
    """Each key has what it needs and nothing that belongs to another."""
    for field, key, value in (("whole", "person_days", block.whole), ("shares", "shares", block.shares)):
        if block.key == key and value is None:
            message = f"block `{block.id}` is shared by {key}, and `{field}` is missing"
            yield document.finding("FIELD-MISSING", message, path, f"add `{field}:`")
        if block.key != key and value is not None:
            message = f"block `{block.id}` is shared by {block.key}, which has no use for `{field}`"
            yield document.finding("FIELD-VALUE", message, (*path, field), "take it out, or change the key")
    if block.key != "shares" or block.shares is None:
        return
    yield from check_every_host(contract, document, f"block `{block.id}`", block.shares, (*path, "shares"))
    total = sum(block.shares.values(), Fraction(0))
    if total > 1:
        message = f"the shares of block `{block.id}` add to {format_percent(total)}, more than the whole"
        yield document.finding("RATE-OVER-WHOLE", message, (*path, "shares"))


def check_every_host(
    contract: "Contract", document: Document, what: str, named: Mapping[str, object], path: Path
) -> Iterator[Finding]:
    """Where each host has a value of its own, every host has one and nobody else has."""
    hosts = [host.code for host in contract.hosts]
    for host in hosts:
        if host not in named:
            message = f"{what} gives no value for host `{host}`"
            yield document.finding("FIELD-MISSING", message, path, f"add `{host}:`")
    for name in named:
        if name not in hosts:
            message = f"{what} gives a value for `{name}`, which is not a host"
            yield document.finding("TERM-REFERENCE", message, (*path, name, ""), f"the hosts are {', '.join(hosts)}")
