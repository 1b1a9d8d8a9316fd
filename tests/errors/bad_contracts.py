"""Contracts with one thing done wrong each: the code it brings, the words, the place, and how it is mended.

The manual's page of findings shows them. ``at`` is the text on which the finding has to stand, where it is first found
in the file; so nobody counts columns.
"""

# ruff: noqa: E501 - a table reads better with its long lines
import os
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from yoc.core.findings import Finding, FindingsError
from yoc.workflow.check_contract import check_contract
from yoc.workflow.settle_table import Expectation, settle_table

ROOT = Path(__file__).resolve().parents[2]
FILE = "contract.yaml"
EXAMPLES = "examples.yaml"
TABLE = "hosts.csv"
MAP = "map.yaml"

SHARED = """\
contract: shared
title: Shared savings
version: "1"
status: live
first_year: 2026/27
years: 2
parties:
  - {code: ICB, name: The board, role: commissioner}
  - {code: H1, name: The first host, role: host}
  - {code: P1, name: A provider, role: provider}
position:
  benchmark: {kind: money, is: budget}
  spend: {kind: money, is: cost}
  people: {kind: number}
  quality: {kind: score}
  quality_met: {kind: flag}
  track: {kind: choice, choices: [A, B]}
values:
  rate: {1: 40%, 2: 50%}
  sharing_rate: {when: quality_met, then: rate, otherwise: 0%}
  least: {by: people, bands: [{from: 0, to: 5000, value: 3%}, {from: 5000, value: 2%}]}
  floor: {by: track, values: {A: 30%, B: 40%}}
  loss_rate: {subtract: [100%, {multiply: [75%, quality]}], at_least: floor}
terms:
  - {id: saving, kind: balance, of: benchmark, less: spend}
  - {id: passed, kind: gate, base: benchmark, minimum: least, test: at_least, style: excess_only}
  - {id: shared, kind: bands, gain: sharing_rate, loss: loss_rate}
  - {id: limited, kind: cap, gain: [{rate: 10%, of: benchmark}], loss: [{rate: 5%, of: benchmark}]}
  - {id: payment, kind: payment}
"""
WORKED = """\
examples:
  - name: a saving of 10%
    position: {benchmark: £1000, spend: £900, people: 6000, quality: 100%, quality_met: yes, track: A}
    expect: {shared: £32}
"""
OWN = "based_on: base.yaml\ncontract: own\n"
HEADINGS = "host,benchmark,spend,people,quality,quality_met,track,contract_year,known\n"


@dataclass(frozen=True)
class BadContract:
    """Files with one thing done wrong. ``where`` is the file in which the finding stands, the contract unless said."""

    name: str
    code: str
    at: str
    words: str
    mend: str
    files: Mapping[str, str]
    where: str = FILE
    least_jump: Fraction | None = None
    expectations: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Codes that the same fault brings besides."""

    def line_and_column(self) -> tuple[int, int | None]:
        """Where ``at`` stands, counted from 1; a row of a table has no column."""
        assert self.at in self.files[self.where], f"{self.at!r} is not in {self.where}"
        before = self.files[self.where][: self.files[self.where].index(self.at)]
        line = before.count("\n") + 1
        return line, None if self.where == TABLE else len(before) - (before.rfind("\n") + 1) + 1

    def findings(self, folder: Path) -> tuple[Finding, ...]:
        """All that is said of the files, laid in an empty folder: of the settling where there is a table."""
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        with chdir(folder):
            try:
                if TABLE in self.files:
                    mapping = Path(MAP) if MAP in self.files else None
                    asked = [Expectation.parse(text) for text in self.expectations]
                    return settle_table(Path(FILE), Path(TABLE), mapping, asked).warnings
                checked = check_contract(Path(FILE), self.least_jump)
            except FindingsError as error:
                return error.findings
        return (*checked.differences, *checked.warnings)


def edited(*edits: tuple[str, str], text: str = SHARED) -> str:
    for old, new in edits:
        assert old in text, f"{old!r} is not in the text"
        text = text.replace(old, new, 1)
    return text


def bad(name: str, edit: tuple[str, str], code: str, at: str, words: str, mend: str = "") -> BadContract:
    """The shared contract with one edit."""
    return BadContract(name, code, at, words, mend, {FILE: edited(edit)})


def written(name: str, text: str, code: str, at: str, words: str, mend: str = "") -> BadContract:
    """A contract of its own."""
    return BadContract(name, code, at, words, mend, {FILE: text})


def example(name: str, edit: tuple[str, str], code: str, at: str, words: str, mend: str = "") -> BadContract:
    """A fault in the worked example beside the shared contract."""
    files = {FILE: SHARED, EXAMPLES: edited(edit, text=WORKED)}
    return BadContract(name, code, at, words, mend, files, EXAMPLES)


def family(
    name: str, own: str, code: str, at: str, words: str, mend: str = "", where: str = FILE, **others: str
) -> BadContract:
    """A contract that builds on the shared one, or on the files that are given by their names without `.yaml`."""
    files = {FILE: own, **{f"{other}.yaml": text for other, text in (others or {"base": SHARED}).items()}}
    return BadContract(name, code, at, words, mend, files, where)


def settled(name: str, rows: str, code: str, at: str, words: str, mend: str = "", **more: str) -> BadContract:
    """Rows of a table under the shared contract, or with an edit of it."""
    expectations = (more["expect"],) if "expect" in more else ()
    text = edited((more["old"], more["new"])) if "old" in more else SHARED
    files = {FILE: text, TABLE: HEADINGS + rows}
    return BadContract(name, code, at, words, mend, files, TABLE, expectations=expectations)


def of_activity(*edits: tuple[str, str]) -> str:
    path = ROOT / "contracts/bnssg-working-age/contract.yaml"
    return edited(*edits, text=path.read_text(encoding="utf-8"))


OUTCOMES = "  - {id: bonus, kind: outcomes, mode: bonus, base: benchmark, at_risk: 2%, score: quality}\n"
WITHHELD = "".join(
    f"  - {{id: {name}, kind: outcomes, mode: withhold, base: benchmark, at_risk: {part}, score: quality}}\n"
    for name, part in (("one", "60%"), ("two", "50%"))
)
TESTED = "  segments_tested: quarter_start\n"
STATED = """\
  stated:
    sizes:
      - {on: 2026-04-01, people: 6369, bands: {three: 2197, four: 3506, five: 261, six: 5}}
"""
LAST = "  - {id: payment, kind: payment}\n"

VALUES = [
    bad("number beside a sum", ("rate: {1: 40%, 2: 50%}", "rate: {add: [40%, £5]}"), "UNIT-MIXED", "£5",
        "`£5` is a sum of money, beside a number", "a sum carries its currency sign"),
    bad("words for a value", ("1: 40%", "1: half of it"), "FIELD-VALUE", "half of it",
        "`1` of `rate`: 'half of it' is neither a number nor a name", "write a rate (12.5% or 2/3), a sum (£30k)"),
    bad("two numbers", ("1: 40%", "1: 40 50"), "FIELD-VALUE", "40 50", "'40 50' is neither a number nor a name"),
    bad("no value", ("1: 40%", "1: ''"), "FIELD-VALUE", "''", "`1` of `rate`: a value is needed here"),
    bad("misspelt name", ("less: spend", "less: spent"), "TERM-REFERENCE", "spent",
        "term `saving` works on `spent`, which nothing before it makes", "did you mean `spend`?"),
    bad("misspelt value", ("then: rate", "then: rates"), "TERM-REFERENCE", "rates",
        "value `sharing_rate` works on `rates`", "did you mean `rate`?"),
    bad("name made later", ("base: benchmark, min", "base: limited, min"), "TERM-REFERENCE", "limited",
        "works on `limited`, which nothing before it makes", "`limited` makes it, and stands here or after: put it first"),
    bad("year left out", ("{1: 40%, 2: 50%}", "{1: 40%}"), "FIELD-MISSING", "{1: 40%}",
        "nothing is said for contract year 2", "give every year of the contract, 1 to 2"),
    bad("year that is a word", ("{1: 40%, 2: 50%}", "{by_year: {first: 40%}}"), "FIELD-VALUE", "first: 40%",
        "'first' is not a whole number", "write it in digits"),
    bad("column that is no choice", ("by: track", "by: trak"), "TERM-REFERENCE", "trak",
        "`trak` is neither `host` nor a choice", "did you mean `track`?"),
    bad("choice left out", ("{A: 30%, B: 40%}", "{A: 30%}"), "FIELD-MISSING", "values: {A",
        "no value is given for track `B`", "add `B:`, or `otherwise:` for the rest"),
    bad("choice that is none", ("B: 40%", "B: 40%, AA: 1%"), "TERM-REFERENCE", "AA",
        "`AA`, which is no choice of `track`", "did you mean `A`?"),
    bad("host left out", ("values: {A: 30%, B: 40%}", "values: {A: 30%, B: 40%, }, otherwise: {by: host, values: {}}"),
        "FIELD-MISSING", "values: {}", "no value is given for host `H1`", "add `H1:`"),
    bad("by without values", ("values: {A: 30%, B: 40%}", "otherwise: 40%"), "FIELD-VALUE", "{by: track",
        "`floor`: `by` needs either `values`, one for each host or choice, or `bands` of sizes"),
    bad("two operations", ("{subtract: [", "{add: [1%, 2%], subtract: ["), "FIELD-VALUE", "{add",
        "`loss_rate`: `add` and `subtract` stand in one calculation", "keep one, and write the other inside it"),
    bad("no operation", ("{multiply: [75%, quality]}", "{at_most: 75%}"), "FIELD-VALUE", "{at_most",
        "number 2 of `subtract`: this group of fields says no value", "give one of add, subtract"),
    bad("misspelt operation", ("{multiply:", "{mulitply:"), "FIELD-UNKNOWN", "mulitply",
        "`mulitply` is not known here", "did you mean `multiply`?"),
    bad("one from which nothing is taken", ("[100%, {multiply: [75%, quality]}]", "[100%]"), "FIELD-VALUE",
        "{subtract: [100%]", "`subtract` takes two values or more, as [first, second]"),
    bad("bands that overlap", ("{from: 5000, v", "{from: 4000, v"), "FIELD-VALUE", "{by: people",
        "band 2 begins at 4000, and the one before it ends at 5000", "bands are given in order of size"),
    bad("band that ends before it begins", ("to: 5000", "to: -1"), "FIELD-VALUE", "{from: 0",
        "number 1 of `bands`: the band begins at 0 and ends at -1", "a band ends after it begins"),
    bad("band of two forms", ("value: 3%", "value: 3%, at_from: 4%"), "FIELD-VALUE", "{from: 0",
        "a band gives one `value`, or `to`, `at_from` and `at_to` for a straight line"),
    bad("bands of no amount", ("by: people", "by: peopel"), "TERM-REFERENCE", "peopel",
        "works on `peopel`", "did you mean `people`?"),
    bad("half a decision", ("then: rate, otherwise: 0%", "then: rate"), "FIELD-MISSING", "{when: quality_met",
        "`otherwise` is missing from `values` → `sharing_rate`", "add `otherwise:`"),
    bad("nothing then", ("then: rate, otherwise: 0%", "otherwise: 0%"), "FIELD-MISSING", "{when: quality_met",
        "`then` is missing from `values` → `sharing_rate`", "add `then:`"),
    bad("test without a bound", ("when: quality_met", "when: {of: quality}"), "FIELD-VALUE", "{of: quality}",
        "`when`: `of` is tested with at_least, more_than, at_most or less_than"),
    bad("two ways to combine", ("when: quality_met", "when: {not: quality_met, any_of: [quality]}"), "FIELD-VALUE",
        "{not:", "give one of all_of, any_of and not"),
    bad("condition that is a list", ("when: quality_met", "when: [quality_met]"), "FIELD-VALUE", "[quality_met]",
        "`when`: a group of fields is needed here", "write each field on a line of its own"),
    bad("day that is none", ("{1: 40%, 2: 50%}", "{dated: {2026-02-30: 40%}}"), "FIELD-VALUE", "{2026-02-30",
        "'2026-02-30' is not a day of the calendar", "write it as 2026-04-01"),
    bad("share over the whole", ("A: 30%", "A: 130%"), "CONTRACT-UNSETTLED", "{id: shared",
        "a share came to 130%: it lies between 0% and 100%"),
    bad("share over the whole in a term", ("gain: sharing_rate", "gain: {1: 40%, 2: 150%}"), "RATE-OVER-WHOLE", "150%",
        "`2` of `gain`: '150%' is more than the whole", "a share lies between 0% and 100%"),
    bad("share without its sign", ("gain: sharing_rate", "gain: {1: 40%, 2: 40}"), "RATE-OVER-WHOLE", "40}",
        "'40' is more than the whole", "write 40% if per cent was meant"),
    bad("share below nothing", ("gain: sharing_rate", "gain: -5%"), "FIELD-VALUE", "-5%",
        "'-5%' is below nothing", "a share lies between 0% and 100%"),
    bad("sum for a share", ("gain: sharing_rate", "gain: {1: 40%, 2: £5k}"), "FIELD-VALUE", "£5k",
        "'£5k' is a sum of money, and a share is needed here"),
    bad("rate without its sign", ("rate: 10%", "rate: {1: 10%, 2: 10}"), "FIELD-VALUE", "10}",
        "`2` of `rate`: '10' has no sign", "write 10% if per cent was meant, else 1000%"),
    bad("number for a sum", ("{rate: 10%, of: benchmark}", "{sum: {1: £5, 2: 5}}"), "FIELD-VALUE", "5}}",
        "`2` of `sum`: '5' is not a sum of money", "write it with its currency sign"),
    bad("sum below nothing", ("{rate: 10%, of: benchmark}", "{sum: -£5}"), "FIELD-VALUE", "-£5",
        "'-£5' is below nothing", "a sum in a contract says how much, and the term says who pays"),
    bad("sum in another currency", ("{rate: 10%, of: benchmark}", "{sum: $5m}"), "FIELD-VALUE", "$5m",
        "$5m is a sum in another currency than the contract's, GBP", "write it with £, or set `currency: USD`"),
    bad("digits of another script", ("1: 40%", "1: ٤٠%"), "FIELD-VALUE", "٤٠%", "'٤٠%' is neither a number nor a name"),
    bad("number without end", ("1: 40%", f"1: {'9' * 5000}"), "FIELD-VALUE", "9" * 5000,
        "…' is neither a number nor a name"),
]  # fmt: skip

TERMS = [
    bad("no such kind", ("kind: gate", "kind: gait"), "FIELD-VALUE", "gait", "'gait' is not one of the choices here",
        "did you mean `gate`?"),
    bad("kind that is a list", ("kind: gate", "kind: [gate]"), "FIELD-VALUE", "[gate]",
        "`kind`: a single value is needed here, not a list or a group of fields", "use 'activity_cost'"),
    bad("no kind", ("kind: gate, ", ""), "FIELD-MISSING", "{id: passed", "`kind` is missing from `terms` → number 2",
        "add `kind:`"),
    bad("term that is a word", (LAST, "  - payment\n"), "FIELD-VALUE", "payment\n",
        "number 5 of `terms`: a group of fields is needed here", "write each field on a line of its own"),
    bad("list for a name", ("of: benchmark, less", "of: [benchmark], less"), "FIELD-VALUE", "[benchmark]",
        "`of`: a single value is needed here, not a list or a group of fields"),
    bad("word for a list", ("gain: [{rate: 10%, of: benchmark}]", "gain: benchmark"), "FIELD-VALUE", "benchmark, loss",
        "`gain`: a list is needed here", "begin each item with a hyphen"),
    bad("misspelt field", ("less: spend", "lesss: spend"), "FIELD-UNKNOWN", "lesss", "`lesss` is not known here",
        "did you mean `less`?"),
    bad("half a limit", ("{rate: 10%, of: benchmark}", "{rate: 10%}"), "FIELD-VALUE", "{rate: 10%}",
        "number 1 of `gain`: a limit is a `rate` and what it is a rate `of`, or a `sum`"),
    bad("bands that leave a gap", ("gain: sharing_rate",
        "base: benchmark, gain: [{to: 5%, host_share: 0%}, {from: 6%, host_share: 1%}]"), "FIELD-VALUE", "{from: 6%",
        "number 2 of `gain`: it begins at 6% and the one before it ends at 5%", "bands join without gap or overlap"),
    bad("bands of both sides that leave a gap", ("gain: sharing_rate, loss: loss_rate",
        "base: benchmark, both: [{to: 5%, host_share: 0%}, {from: 6%, host_share: 1%}]"), "FIELD-VALUE", "{from: 6%",
        "number 2 of `both`: it begins at 6% and the one before it ends at 5%", "bands join without gap or overlap"),
    bad("bands that do not begin", ("gain: sharing_rate", "gain: [{from: 6%, host_share: 1%}]"), "FIELD-VALUE",
        "{from: 6%", "it begins at 6% and not at 0%"),
    bad("bands that end", ("gain: sharing_rate", "gain: [{to: 6%, host_share: 1%}]"), "FIELD-VALUE", "{to: 6%",
        "nothing is said beyond 6%", "leave `to` out of the last band"),
    bad("field of another mode", (LAST, OUTCOMES.replace("score: quality", "score: quality, share: 5%")), "FIELD-VALUE",
        "{id: bonus", "`bonus`: `share` means nothing in outcomes of mode bonus"),
    bad("field that the mode needs", (LAST, OUTCOMES.replace("base: benchmark, ", "")), "FIELD-VALUE", "{id: bonus",
        "a bonus is a share `at_risk` of a `base`, or a `value`"),
    bad("no score", (LAST, OUTCOMES.replace(", score: quality", "")), "FIELD-VALUE", "{id: bonus",
        "outcomes are scored by `weights` of indicators, or by one `score`"),
    bad("shares that leave a rest", (LAST, "  - {id: parts, kind: split, on: limited, shares: {host: 60%, P1: 30%}}\n"),
        "FIELD-VALUE", "{host: 60%", "`shares`: the shares add to 90%, not to 100%"),
    bad("party misspelt", (LAST, "  - {id: payment, kind: payment, paid_to: P2}\n"), "TERM-REFERENCE", "P2",
        "term `payment` names `P2`, which is not a party", "add it to `parties:`, or name one of ICB, H1, P1"),
    bad("host by its code", (LAST, "  - {id: payment, kind: payment, paid_to: H1}\n"), "TERM-REFERENCE", "H1}",
        "term `payment` names `H1`, a host, as another party", "say `host`"),
    bad("what the host holds", (LAST, LAST + "  - {id: again, kind: payment, on: payment}\n"), "AMOUNT-HELD",
        "{id: again", "term `again` pays `payment`, which the host's result holds already", "leave the payment out"),
    bad("nothing before it", ("  - {id: saving, kind: balance, of: benchmark, less: spend}\n", ""), "FIELD-MISSING",
        "{id: passed", "term `passed` works on the amount before it, and there is none", "say `on:`"),
    bad("term twice", (LAST, "  - {id: limited, kind: payment}\n"), "FIELD-VALUE", "limited, kind: payment",
        "term `limited` is given twice", "keep one, or give the other another name"),
    bad("term named as an input", ("id: saving", "id: spend"), "FIELD-VALUE", "spend, kind: balance",
        "`spend` is both a term and an input or value", "give one of them another name"),
    bad("no terms", (SHARED[SHARED.index("terms:") :], "terms: []\n"), "FIELD-VALUE", "[]\n",
        "`terms`: at least one is needed"),
]  # fmt: skip

WHOLE = [
    bad("no commissioner", ("role: commissioner", "role: other"), "FIELD-VALUE", "parties:",
        "a contract has one commissioner, this one has 0", "give exactly one of them `role: commissioner`"),
    bad("party twice", ("code: P1", "code: H1"), "FIELD-VALUE", "H1, name: A provider", "party `H1` is given twice"),
    bad("party called host", ("code: P1", "code: host"), "FIELD-VALUE", "host, name",
        "`host` stands for whoever that is in a settlement", "give the party another code"),
    bad("name that is none", ("code: P1", "code: P 1"), "FIELD-VALUE", "P 1", "`code`: 'P 1' is not a name",
        "use letters, digits, hyphens, underscores and full stops"),
    bad("no role", (", role: provider", ""), "FIELD-MISSING", "{code: P1", "`role` is missing from `parties` → number 3"),
    bad("no years", ("years: 2", "years: 0"), "FIELD-VALUE", "0\nparties", "`years`: it is at least 1"),
    bad("too many years", ("years: 2", "years: 60"), "FIELD-VALUE", "60", "`years`: it is at most 50"),
    bad("year that is none", ("2026/27", "2026/28"), "FIELD-VALUE", "2026/28",
        "'2026/28' names two years that do not follow each other", "write it as 2026/27"),
    bad("status misspelt", ("status: live", "status: alive"), "FIELD-VALUE", "alive", "'alive' is not one of",
        "did you mean `live`?"),
    bad("value named as an input", ("  rate:", "  people: 5%\n  rate:"), "FIELD-VALUE", "people: 5%",
        "`people` is both an input of the position and a value", "give one of them another name"),
    bad("choice without choices", ("choices: [A, B]", "choices: []"), "FIELD-VALUE", "{kind: choice",
        "`track`: an input of kind choice needs `choices:`"),
    bad("default of another kind", ("people: {kind: number", "people: {kind: number, default: 5%"), "FIELD-VALUE",
        "{kind: number, d", "`people`: the default '5%' is a percentage, and the input a number"),
    bad("cost that is no sum", ("{kind: number}", "{kind: number, is: cost}"), "FIELD-VALUE", "{kind: number, is",
        "`people`: `is: cost` belongs to an input of kind money"),
    written("nothing", "", "FIELD-MISSING", "", "`contract` is missing from the file", "add `contract:`"),
    written("a list", "- contract\n", "FIELD-VALUE", "- contract", "the file: a group of fields is needed here"),
    written("words", "Dear Sir\n", "FIELD-VALUE", "Dear", "the file: a group of fields is needed here"),
    written("bands that do not add to the total", of_activity((TESTED, TESTED + STATED)), "COHORT-TOTAL", "6369",
        "the bands add to 5,969 people and the total says 6,369: 400 fewer", "correct the band or the total"),
    written("band misspelt", of_activity((TESTED, TESTED + STATED.replace("three: 2197", "core: 2597"))), "TERM-REFERENCE",
        "four", "band `four` is not a segment, and others of the bands are", "name every band as a segment, or none"),
    written("size of a host that is none", of_activity((
        TESTED, TESTED + STATED.replace("people: 6369", "host: NWX, people: 5969"))), "TERM-REFERENCE",
        "NWX", "`NWX` is not a host of the contract", "the hosts are NWB"),
    written("list with a rule", of_activity(("bmi_over: 30\n", "bmi_over: 30\n      list: yes\n")), "FIELD-VALUE", "id: risk_two",
        "segment `risk_two` is a list and has a rule too", ""),
]  # fmt: skip

SYNTAX = [
    bad("tab", ("  rate:", "\trate:"), "YAML-SYNTAX", "\trate", "a tab stands where only spaces may", "indent with spaces"),
    bad("colon in a title", ("Shared savings", "Shared savings: the second"), "YAML-SYNTAX", ": the second",
        "a colon stands where no field can begin", "put quotes round text that holds ': '"),
    bad("bracket left open", ("[A, B]}", "[A, B}"), "YAML-SYNTAX", "}\nvalues", "a bracket is not closed"),
    bad("mark left open", ('version: "1"', 'version: "1'), "YAML-SYNTAX", '"1', "a quotation mark is not closed"),
    bad("wrong indentation", ("years: 2", " years: 2"), "YAML-SYNTAX", ": 2\nparties", "a colon stands where no field"),
    bad("out of line", ("  - {code: H1", " - {code: H1"), "YAML-SYNTAX", "- {code: H1",
        "the line does not fit under the lines above it", "indent it as its neighbours are indented"),
    bad("star", ("title: Shared", "title: *Shared"), "YAML-FEATURE", "*Shared", "an alias (*) is not part"),
    bad("percent first", ("1: 40%", "1: %40"), "YAML-SYNTAX", "%40", "a value cannot begin with this character",
        "put quotes round the text"),
    bad("second document", ("values:", "---\nvalues:"), "YAML-SYNTAX", "---", "a second document begins here"),
    bad("key twice", ("status: live\n", "status: live\nstatus: shadow\n"), "YAML-DUPLICATE", "status: shadow",
        "`status` is given twice, first on line 4", "keep one of the two"),
    bad("list for a key", ("status: live\n", "status: live\n? [a]\n: b\n"), "YAML-FEATURE", "[a]",
        "this kind of key is not part of the language", "name each field with one word"),
]  # fmt: skip

FAMILIES = [
    family("base that is missing", OWN.replace("base.yaml", "bass.yaml"), "FILE-MISSING", "bass.yaml",
           "`bass.yaml` is not there", "check the name and the folder"),
    family("base outside", OWN.replace("base.yaml", "../../../../../../../../etc/passwd"), "FILE-OUTSIDE", "../",
           "is not a name inside the workspace", "with forward slashes"),
    family("base that is a list", OWN.replace("base.yaml", "[[a], b]"), "FIELD-VALUE", "[[a]",
           "`based_on` names a file, or several", ""),
    family("base too long for a name", OWN.replace("base.yaml", "b" * 3000), "FILE-MISSING", "b" * 3000,
           "…` cannot be the name of a file"),
    family("circle", OWN, "FIELD-VALUE", "base.yaml", "in a circle: contract.yaml → base.yaml → contract.yaml",
           "let one of them build on no other", base="based_on: contract.yaml\n"),
    family("itself", OWN.replace("base.yaml", FILE), "FIELD-VALUE", FILE, "in a circle: contract.yaml → contract.yaml"),
    family("further than anyone follows", OWN, "FIELD-VALUE", "b6.yaml", "contract.yaml builds on 5 files, one on the",
           "build on 5 files at most", "b5.yaml",
           **{"base": "based_on: b2.yaml\n"}, **{f"b{n}": f"based_on: b{n + 1}.yaml\n" for n in range(2, 6)}, b6=SHARED),
    family("base that is no contract", OWN, "FIELD-VALUE", "base.yaml", "base.yaml is no contract", base="- a\n"),
    family("fault in the base", OWN, "FIELD-VALUE", "alive", "'alive' is not one of the choices here", "", "base.yaml",
           base=SHARED.replace("live", "alive")),
    family("fault in the base's text", OWN, "YAML-SYNTAX", "%40", "a value cannot begin with this", "", "base.yaml",
           base=SHARED.replace("1: 40%", "1: %40")),
    family("term that is not there is taken out", OWN + "without: [saving, limit]\n", "TERM-REFERENCE", "limit]",
           "`without` names `limit`, which is no term, input or value of the base", "did you mean `limited`?"),
    family("list is taken out", OWN + "without: [[saving]]\n", "TERM-REFERENCE", "[saving]",
           "`without` names no one", "the names are saving, passed"),
    family("what a term needs is taken out", OWN + "without: [saving]\n", "FIELD-MISSING", "{id: passed",
           "term `passed` works on the amount before it, and there is none", "", "base.yaml"),
    family("after a term that is not there", OWN + "terms:\n  - {id: cut, kind: cap, after: share}\n",
           "TERM-REFERENCE", "share}", "`after` names `share`, which is no term before it", "did you mean `shared`?"),
    family("after a list", OWN + "terms:\n  - {id: cut, kind: cap, after: [shared]}\n", "TERM-REFERENCE", "[shared]",
           "`after` names no single term"),
    family("terms that are no list", OWN + "terms: {id: cut, kind: cap}\n", "FIELD-VALUE", "{id: cut",
           "`terms`: a list is needed here", "begin each term with a hyphen"),
    family("value of its own", OWN + "values: {rate: {1: 40%}}\n", "FIELD-MISSING", "{1: 40%}",
           "nothing is said for contract year 2"),
]  # fmt: skip

NO_FIRST_YEAR = ("first_year: 2026/27\nyears: 2\n", "")
PLAIN_RATE = ("{1: 40%, 2: 50%}", "40%")
LOOK_AT = [
    bad("first pound", ("style: excess_only", "style: first_pound"), "CONTRACT-CLIFF", "{id: passed",
        # 2% of £10m: from a loss of £200,000 on, all of it is shared; at no score the host bears 100%.
        "at a cost of £10,200,000.00 the host's result jumps from £0.00 to -£200,000.00, by £200,000.00, through",
        "share only what lies beyond the point"),
    bad("all or nothing on a score", (LAST, LAST + OUTCOMES.replace("2%", "20%")), "CONTRACT-STEEP", "quality: {kind",
        # 20% of £10m, a hundredth of it: £20,000, and the gain of other terms stays as it is.
        "each 0.01 more of the score moves the host's result by £20,000.00", "spread it over more indicators"),
    bad("paid for more cost", (LAST, LAST + "  - {id: more, kind: payment, on: spend, rate: 120%}\n"),
        "CONTRACT-WRONG-WAY", "spend: {kind", "each £1.00 more of cost moves the host's result by £1.20",
        "a higher cost or a worse outcome should not pay more"),
    bad("amount that nobody is paid", (LAST, ""), "AMOUNT-UNPAID", "{id: limited",
        "`limited` is worked out, and no term pays it", "add a term of kind payment"),
    bad("loss without end", (", loss: [{rate: 5%, of: benchmark}]", ""), "CONTRACT-UNBOUNDED", "spend: {kind",
        "nothing limits what The board can gain and what The first host can lose as cost rises", "add a cap, a stop-loss, or a last band"),
    bad("rate that is not agreed", ("rate: {1: 40%, 2: 50%}", "rate: {dated: {2027-04-01: 40%}}"), "CONTRACT-UNSETTLED",
        "{id: shared", "nothing is said for 2026-04-01, before 2027-04-01", "add a worked example"),
    bad("product of what both move", (LAST, LAST +
        "  - {id: square, kind: figure, value: {multiply: [spend, {divide: [saving, benchmark]}]}}\n"
        "  - {id: paid, kind: payment}\n"), "CONTRACT-BENT", "spend: {kind",
        "the result is no straight line against cost", "do not multiply one by the other what both move"),
    bad("cap out of reach", (LAST, "  - {id: never, kind: cap, gain: [{sum: £900m}]}\n" + LAST), "TERM-IDLE",
        "{id: never", "no position that was tried makes term `never` do anything", "add an example that reaches it"),
    bad("input that nothing uses", ("  people:", "  beds: {kind: number}\n  people:"), "NAME-UNUSED", "beds",
        "`beds` is declared, and no term works on it", "take it out, or use it"),
    bad("value that nothing uses", ("  rate:", "  rates: 5%\n  rate:"), "NAME-UNUSED", "rates",
        "`rates` is declared, and no term works on it"),
    bad("more than all withheld", (LAST, WITHHELD), "RISK-OVER-WHOLE", "50%, score: quality}",
        "in contract year 1 110% of `benchmark` is withheld in all", "lower one of the shares"),
    bad("VAT", ("{code: H1, ", "{code: H1, nhs_body: no, "), "VAT-UNFUNDED", "{code: H1",
        "host H1 is no NHS body, and the contract does not say who bears VAT", "say `vat: funded`"),
    written("rule behind another", of_activity((
        "    - {setting: primary, when: {provider: [ZG1]}}\n",
        "    - {setting: primary, when: {provider: [ZG1]}}\n    - {setting: other, when: {provider: [ZG1, ZG1]}}\n",
        )), "RULE-IDLE", "{setting: other, when: {provider: [ZG1, ZG1]", "is claimed by rule number", "move it up, or take it out"),
    written("rules of one rank", of_activity((
        "    - {setting: primary, when: {provider: [ZG1]}}\n",
        "    - {setting: primary, rank: 9, when: {provider: [ZG1]}}\n    - {setting: other, rank: 9, when: {provider: [ZG1]}}\n",
        )), "RULE-CONFLICT", "{setting: other, rank: 9", "have one rank", "give them different ranks"),
]  # fmt: skip

WORKED_EXAMPLES = [
    # 10% of £1,000 less the least of 2% is £80, of which 40% in year 1: £32.
    example("another figure", ("£32", "£33"), "EXAMPLE-DIFFERS", "£33",
            "a saving of 10%: `shared` comes to £32.00, and £33.00 is agreed", "correct the one that is wrong"),
    example("another payment", ("expect: {shared: £32}", "pays: [{paid_by: commissioner, paid_to: host, amount: £30}]"),
            "EXAMPLE-DIFFERS", "[{paid_by", "ICB pays H1 £32.00, and £30.00 is agreed", "correct the one that is wrong"),
    replace(example("input misspelt", ("spend: £900", "spent: £900"), "FIELD-UNKNOWN", "spent",
            "`spent` is not an input of the contract", "did you mean `spend`?"), also=("FIELD-MISSING",)),
    example("input left out", (", track: A", ""), "FIELD-MISSING", "{benchmark", "`track` is not given, and has no default",
            "add `track:`"),
    example("input of another kind", ("people: 6000", "people: many"), "FIELD-VALUE", "many",
            "`people`: 'many' is not a rate"),
    example("amount that nothing makes", ("{shared: £32}", "{share: £32}"), "TERM-REFERENCE", "share: £32",
            "no term makes `share`", "did you mean `shared`?"),
    example("answer that is a name", ("{shared: £32}", "{shared: saving}"), "FIELD-VALUE", "saving}",
            "`shared` is expected to be a sum or a number", "write the figure that is agreed"),
    example("no position to settle", ("spend: £900", "spend: £900, contract_year: 9"), "POSITION-INVALID", "name: a saving",
            "contract year 9 is not one of the 2 of the contract", "give a year of its life"),
    example("nothing that it says", ("quality: 100%", "quality: 120%"), "FIELD-VALUE", "120%", "more than the whole"),
]  # fmt: skip

GOOD_ROW = "H1,1000,900,6000,100%,yes,A,1,32\n"
TABLES = [
    settled("no meaning", GOOD_ROW.replace("1000", "-5"), "TERM-IMPOSSIBLE", "H1,-5",
            "host H1: term `passed` takes rates of `benchmark`, which is -£5.00: a base is not below zero",
            "change the term, or what it works on"),
    settled("host that is none", GOOD_ROW.replace("H1", "H2"), "POSITION-INVALID", "H2",
            "`H2` is no host of the contract shared", "its hosts are H1"),
    settled("year beyond the contract", GOOD_ROW.replace("A,1", "A,3"), "POSITION-INVALID", "H1",
            "host H1: contract year 3 is not one of the 2 of the contract", "give a year of its life"),
    settled("half a year", GOOD_ROW.replace("A,1", "A,1.5"), "POSITION-INVALID", "H1", "contract year 1.5 is no whole number"),
    settled("cell that is no sum", GOOD_ROW.replace("900", '"9.000,00"'), "POSITION-INVALID", "H1",
            "column spend, `spend` of H1: '9.000,00' has a comma after a full stop"),
    settled("column to compare that is not there", GOOD_ROW, "COLUMN-MISSING", "",
            "--expect names `Known amount`, and ", "the columns are host, benchmark", expect="Known amount"),
    settled("amount to compare that is not made", GOOD_ROW, "TERM-REFERENCE", "",
            "shared makes no amount `share` to compare with known", "did you mean `shared`?", expect="known=share"),
    settled("number to compare with a sum", GOOD_ROW, "TERM-REFERENCE", "", "`passed.minimum` is a number and no sum",
            expect="known=passed.minimum"),
]  # fmt: skip

BAD_CONTRACTS = [*VALUES, *TERMS, *WHOLE, *SYNTAX, *FAMILIES, *LOOK_AT, *WORKED_EXAMPLES, *TABLES]
os.environ.setdefault("NO_COLOR", "1")
