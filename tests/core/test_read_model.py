"""Each kind of fault of a file is told in the project's words, at its place, with how to mend it."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from yoc.core.fields import Model, Rate, Text
from yoc.core.findings import FindingsError, Level
from yoc.core.located import Document, Place, read_document, read_model


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Cap(Model):
    kind: Literal["cap"]
    id: Text
    rate: Rate


class Gate(Model):
    kind: Literal["gate"]
    id: Text
    gate: Text | None = None

    @model_validator(mode="after")
    def _not_bad(self):
        if self.gate == "bad":
            raise ValueError("a bad gate: write another")
        if self.gate == "plain":
            raise ValueError("a plain fault")
        if self.gate == "both":
            raise PydanticCustomError("FIELD-VALUE", "not this: write more", {"mend": "leave it", "path": ("gate",)})
        if self.gate == "worse":
            raise PydanticCustomError("TERM-REFERENCE", "worse", {"mend": "leave it", "path": ("gate",)})
        return self


class File(Model):
    title: Text
    terms: Annotated[tuple[Annotated[Cap | Gate, Field(discriminator="kind")], ...], Field(min_length=1)]
    colour: Colour = Colour.RED
    test: Literal["at_least", "more_than"] = "at_least"
    names: dict[Text, Rate] = Field(default_factory=dict)
    one: Cap | None = None
    number: Annotated[int, Field(ge=1, le=9)] = 1


CAP = "  - {kind: cap, id: a, rate: 5%}\n"


def faults(text: str) -> list[tuple[str, int, int, str, str]]:
    with pytest.raises(FindingsError) as caught:
        read_model(read_document(text, "f.yaml"), File)
    found = caught.value.findings
    assert {finding.file for finding in found} == {"f.yaml"}
    assert {finding.level for finding in found} == {Level.SUBMISSION}
    return [(each.code, each.line, each.column, each.message, each.mend) for each in found]


GROUP = "write each field on a line of its own, as `field: value`"
LIST = "begin each item with a hyphen, on a line of its own, or write [one, two]"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("terms:\n" + CAP, ("FIELD-MISSING", 1, 1, "`title` is missing from the file", "add `title:`")),
        (
            "title: x\nterms:\n" + CAP + "  - {kind: cap, id: b}\n",
            ("FIELD-MISSING", 4, 5, "`rate` is missing from `terms` → number 2", "add `rate:`"),
        ),
        (
            "title: x\ntemrs: y\nterms:\n" + CAP,
            ("FIELD-UNKNOWN", 2, 1, "`temrs` is not known here", "did you mean `terms`?"),
        ),
        (
            "title: x\nqqqqqqqqq: y\nterms:\n" + CAP,
            (
                "FIELD-UNKNOWN",
                2,
                1,
                "`qqqqqqqqq` is not known here",
                "take it out; what may stand here: title, terms, colour, test, names, one, number",
            ),
        ),
        (
            "title: x\nterms:\n  - {id: a}\n",
            ("FIELD-MISSING", 3, 5, "`kind` is missing from `terms` → number 1", "add `kind:`"),
        ),
        (
            "title: x\nterms:\n  - {kind: gat, id: a}\n",
            ("FIELD-VALUE", 3, 12, "'gat' is not one of the choices here", "did you mean `gate`? Use 'cap', 'gate'"),
        ),
        (
            "title: x\ntest: at_most\nterms:\n" + CAP,
            (
                "FIELD-VALUE",
                2,
                7,
                "'at_most' is not one of the choices here",
                "did you mean `at_least`? Use 'at_least' or 'more_than'",
            ),
        ),
        (
            "title: x\ncolour: zzz\nterms:\n" + CAP,
            ("FIELD-VALUE", 2, 9, "'zzz' is not one of the choices here", "use 'red' or 'blue'"),
        ),
        (
            "title: x\ntest: [at_least]\nterms:\n" + CAP,
            (
                "FIELD-VALUE",
                2,
                7,
                "`test`: a single value is needed here, not a list or a group of fields",
                "use 'at_least' or 'more_than'",
            ),
        ),
        ("title: x\nterms: 5\n", ("FIELD-VALUE", 2, 8, "`terms`: a list is needed here", LIST)),
        (
            "title: x\nterms: []\n",
            ("FIELD-VALUE", 2, 8, "`terms`: at least one is needed", "write one, or take the empty field out"),
        ),
        ("title: x\none: 5\nterms:\n" + CAP, ("FIELD-VALUE", 2, 6, "`one`: a group of fields is needed here", GROUP)),
        (
            "title: x\nnames: 5\nterms:\n" + CAP,
            ("FIELD-VALUE", 2, 8, "`names`: a group of fields is needed here", GROUP),
        ),
        ("title: x\nnumber: 0\nterms:\n" + CAP, ("FIELD-VALUE", 2, 9, "`number`: it is at least 1", "")),
        ("title: x\nnumber: 10\nterms:\n" + CAP, ("FIELD-VALUE", 2, 9, "`number`: it is at most 9", "")),
        (
            "title: x\nterms:\n  - {kind: gate, id: g, gate: bad}\n",
            ("FIELD-VALUE", 3, 5, "`g`: a bad gate", "write another"),
        ),
        (
            "title: x\nterms:\n" + CAP + "  - {kind: gate, id: g, gate: worse}\n",
            ("TERM-REFERENCE", 4, 31, "`gate`: worse", "leave it"),
        ),
        ("title: x\nterms:\n  - {kind: gate, id: g, gate: plain}\n", ("FIELD-VALUE", 3, 5, "`g`: a plain fault", "")),
        (
            "title: x\nterms:\n  - {kind: gate, id: g, gate: both}\n",
            ("FIELD-VALUE", 3, 31, "`gate`: not this: write more", "leave it"),
        ),
        (
            "title: x\nnames: {' ': 5%}\nterms:\n" + CAP,
            ("FIELD-VALUE", 2, 9, "` `: some text is needed here", ""),
        ),
        (
            "title: x\nnames: {2026: many}\nterms:\n" + CAP,
            (
                "FIELD-VALUE",
                2,
                15,
                "`2026` of `names`: 'many' is not a rate",
                "write a percentage (12.5%), a fraction (2/3) or a decimal (0.125)",
            ),
        ),
        (
            "title: x\nterms:\n  - {kind: cap, id: a, rate: many}\n",
            (
                "FIELD-VALUE",
                3,
                30,
                "`rate`: 'many' is not a rate",
                "write a percentage (12.5%), a fraction (2/3) or a decimal (0.125)",
            ),
        ),
        (
            "title: x\nnames: {a: 5%, b: many}\nterms:\n" + CAP,
            (
                "FIELD-VALUE",
                2,
                19,
                "`b`: 'many' is not a rate",
                "write a percentage (12.5%), a fraction (2/3) or a decimal (0.125)",
            ),
        ),
    ],
)
def test_a_fault_is_told_at_its_place(text, fault):
    assert faults(text) == [fault]


def test_a_list_is_not_empty_for_what_is_wrong_in_it():
    codes = [(code, line) for code, line, *_ in faults("title: x\nterms:\n  - {kind: gate, id: ' '}\n")]
    assert codes == [("FIELD-VALUE", 3)]


def test_every_fault_is_told_and_not_the_first():
    text = "terms:\n  - {kind: cap, id: a, rate: many}\n  - {kind: gat, id: b}\n"
    assert sorted((code, line) for code, line, *_ in faults(text)) == [
        ("FIELD-MISSING", 1),
        ("FIELD-VALUE", 2),
        ("FIELD-VALUE", 3),
    ]


def test_a_finding_stands_at_the_nearest_known_place():
    document = read_document("terms:\n  - id: a\n    rate: 5%\n", "f.yaml")
    found = {
        path: (finding.line, finding.column, finding.excerpt)
        for path in (
            (),
            ("terms",),
            ("terms", 0),
            ("terms", 0, "rate"),
            ("terms", 0, "rate", ""),
            ("terms", 0, "no"),
            ("terms", 1),
        )
        for finding in [document.finding("FIELD-VALUE", "m", path)]
    }
    assert found == {
        (): (1, 1, "terms:"),
        ("terms",): (2, 3, "  - id: a"),
        ("terms", 0): (2, 5, "  - id: a"),
        ("terms", 0, "rate"): (3, 11, "    rate: 5%"),
        ("terms", 0, "rate", ""): (3, 5, "    rate: 5%"),
        ("terms", 0, "no"): (2, 5, "  - id: a"),
        ("terms", 1): (2, 3, "  - id: a"),
    }
    assert document.finding("FIELD-VALUE", "m", ("terms", 0, "add", "rate")).line == 3
    assert document.finding("ENCODING", "m", level=Level.WARNING).level is Level.WARNING
    assert document.finding("ENCODING", "m").mend == ""
    nowhere = Document("f.yaml", {}, {}, ("x" * 200,)).finding("FIELD-VALUE", "m")
    assert (nowhere.line, nowhere.column, nowhere.excerpt) == (1, 1, "x" * 160)


def test_a_part_from_another_file_is_told_in_it():
    places = {(): Place(1, 1), ("a",): Place(2, 4, "base.yaml"), ("b",): Place(1, 4, "f.yaml"), ("c",): Place(9, 1)}
    document = Document("f.yaml", {"a": "1", "b": "2", "c": "3"}, places, ("own",), {"base.yaml": ("one", "two  ")})
    assert [document.from_base((name,)) for name in ("a", "b", "c", "d")] == [True, False, False, False]
    found = [document.finding("FIELD-VALUE", "m", (name,)) for name in ("a", "b", "c")]
    assert [(each.file, each.line, each.excerpt) for each in found] == [
        ("base.yaml", 2, "two"),
        ("f.yaml", 1, "own"),
        ("f.yaml", 9, ""),
    ]


def test_no_quotation_is_longer_than_anyone_reads():
    long = "x" * 80
    found = read_document("a: 1\n", "f.yaml").finding("FIELD-VALUE", f"{'x' * 79!r} and {long!r}", (), f"use `{long}`")
    assert found.message == f"'{'x' * 79}' and '{'x' * 59}…'"
    assert found.mend == f"use `{'x' * 59}…`"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "a: 1\nb:\n  c: 1\n  c: 2\n",
            ("YAML-DUPLICATE", 4, 3, "`c` is given twice, first on line 3", "keep one of the two"),
        ),
        (
            "a: {b: £30,000}\n",
            (
                "YAML-SYNTAX",
                1,
                12,
                "`000` looks like the rest of a sum that was cut at its comma",
                "inside { } write a sum without commas: £30000 or £30k",
            ),
        ),
        (
            "a: 1\n<<: 2\n",
            (
                "YAML-FEATURE",
                2,
                1,
                "this kind of key is not part of the language",
                "name each field with one word, and write its value out",
            ),
        ),
        ("a:  *x\n", ("YAML-FEATURE", 1, 5, "an alias (*) is not part of the contract language", None)),
        (
            "a: &x 1\n",
            ("YAML-FEATURE", 1, 4, "an anchor (&) is not part of the contract language", "write the value out in full"),
        ),
        (
            "a: !x 1\n",
            ("YAML-FEATURE", 1, 4, "a tag (!) is not part of the contract language", "write the value out in full"),
        ),
        ("a: [1, 2\n", ("YAML-SYNTAX", 1, 4, None, None)),
        ("a:\n\t- b\n", ("YAML-SYNTAX", 2, 1, None, "indent with spaces, not tabs")),
        ("a: b: c\n", ("YAML-SYNTAX", 1, 5, "a colon stands where no field can begin", None)),
        ("a: \x07\n", ("YAML-SYNTAX", 1, 1, "the text holds a character that YAML does not allow", None)),
        ("[" * 500, ("YAML-SYNTAX", 1, None, None, None)),
    ],
)
def test_a_text_that_is_no_contract_is_refused_at_its_place(text, fault):
    with pytest.raises(FindingsError) as caught:
        read_document(text, "f.yaml")
    found = caught.value.findings[0]
    made = (found.code, found.line, found.column, found.message, found.mend)
    assert [mine for mine, wanted in zip(made, fault, strict=True) if wanted is not None] == [
        wanted for wanted in fault if wanted is not None
    ]
