"""Activity lines as rows of text: every row is a few ready-made pieces set side by side."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yoc.synth import files, places
from yoc.synth.lines import ROUTES, Lines
from yoc.synth.people import People, Standing
from yoc.synth.units import Units
from yoc.synth.year import FIRST_DAY, YEAR_IN_NAMES, YEAR_TEXT, Ints, day_text

_DAYS_BEFORE, _DAYS_AFTER = 120, 365
_AGE_UNKNOWN = 999
_GENDERS = ("", "1", "2", "9")
_GENDER_UNKNOWN = 3
_NUMBER_DIGITS = 8
_PRACTICE_SHOWN_EVERY = 40
# Providers whose lines come from commissioning data sets carry a CDS UNIQUE IDENTIFIER, the others a NON CDS one.
_CDS_PROVIDERS = frozenset(places.ACUTE)


@dataclass(frozen=True)
class File:
    """What every row of one activity file has in common."""

    provider: str
    month: int
    created: str
    states_period: bool = True


class Renderer:
    """Writes lines as rows; holds the pieces that all files share."""

    def __init__(self, people: People, units: Units, keys: pa.Array) -> None:
        self._units = units
        self._keys = keys
        nameless = people.standing == Standing.NAMELESS
        # The position after the last person is a line without a patient: nothing is known of it.
        self._birthday = np.append(people.birthday, 0)
        self._age = np.append(np.where(nameless, _AGE_UNKNOWN, people.age), -1)
        self._gender = np.append(np.where(nameless, _GENDER_UNKNOWN, people.gender), 0)
        self._practice = np.append(people.practice, places.NO_PRACTICE)
        days = range(FIRST_DAY - _DAYS_BEFORE, FIRST_DAY + _DAYS_AFTER)
        texts = [day_text(day) for day in days]
        self._ends = files.words(f"{text},," for text in texts)
        self._starts = {
            True: files.words(f",,,,,{text}," for text in texts),
            False: files.words(f",,,,{text}," for text in texts),
        }
        ages = [*range(_AGE_UNKNOWN + 1), ""]
        self._ages = files.words(f",,,,{age},{gender},," for age in ages for gender in _GENDERS)
        self._numbers = files.words([])

    def rows(self, file: File, lines: Lines, numbers: Ints | None = None) -> pa.Array:
        """The rows of one file. ``numbers`` are the lines' own numbers in it; without them, their order."""
        has_cds = file.provider in _CDS_PROVIDERS
        end = lines.day + _DAYS_BEFORE
        start = end - self._units.stay[lines.unit]
        return files.join(
            self._heads(file).take(pa.array(lines.route)),
            self._keys.take(pa.array(lines.person)),
            self._ages.take(pa.array(self._age_places(lines))),
            self._identifiers(file, has_cds).take(pa.array(self._practice_places(lines))),
            self._number_words(lines.count, numbers),
            self._starts[has_cds].take(pa.array(start)),
            self._ends.take(pa.array(end)),
            self._units.tails[file.provider].take(pa.array(lines.unit)),
        )

    def _heads(self, file: File) -> pa.Array:
        """FINANCIAL MONTH to WITHHELD IDENTITY REASON, one a route."""
        period = f"{file.month},{YEAR_TEXT}" if file.states_period else ","
        fixed = f"{period},{file.created},{file.provider},{file.provider}01"
        return files.words(f"{fixed},{responsibility},{commissioner},," for responsibility, commissioner in ROUTES)

    def _age_places(self, lines: Lines) -> Ints:
        """Age on the day of activity and gender; blank without a patient, 999 where no one knows."""
        age = self._age[lines.person]
        known = (age >= 0) & (age != _AGE_UNKNOWN)
        age = age + (known & (lines.day >= self._birthday[lines.person]))
        age = np.where(age < 0, _AGE_UNKNOWN + 1, age)
        places_of_age: Ints = age * len(_GENDERS) + self._gender[lines.person]
        return places_of_age

    def _practice_places(self, lines: Lines) -> Ints:
        """The registered practice: real feeds leave it blank nearly always."""
        shown = np.arange(lines.count) % _PRACTICE_SHOWN_EVERY == 0
        return np.where(shown, self._practice[lines.person], places.NO_PRACTICE) + 1

    def _identifiers(self, file: File, has_cds: bool) -> pa.Array:
        """GENERAL MEDICAL PRACTICE CODE, then the unique identifier up to the line's number."""
        gap = "," if has_cds else ",,"
        prefix = f"{gap}{file.provider}{YEAR_IN_NAMES}{file.month:02d}"
        return files.words(f"{code}{prefix}" for code in ("", *(practice.code for practice in places.PRACTICES)))

    def _number_words(self, count: int, numbers: Ints | None) -> pa.Array:
        """Eight-digit numbers from 1; kept for the next file, since every file begins again."""
        needed = count if numbers is None else int(numbers.max()) + 1
        if len(self._numbers) < needed:
            self._numbers = files.number_words("", np.arange(1, 2 * needed + 1, dtype=np.int64), _NUMBER_DIGITS)
        return self._numbers[:count] if numbers is None else self._numbers.take(pa.array(numbers))
