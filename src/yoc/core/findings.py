"""Findings: what is wrong, where, and how to mend it, as values that are gathered before anything stops.

A finding never holds a person-level value. Its code has an entry in ``CODES``, from which the error pages of the
manual are made, and a bad file in the tests.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from yoc.core.identifiers import masked


class Level(StrEnum):
    """How far a finding reaches, in the words of NHS England's data validation."""

    SUBMISSION = "submission"
    """The run cannot go on, or goes on without a file that is refused whole."""
    RECORD = "record"
    """Some rows were rejected or set aside; the run goes on and says so."""
    WARNING = "warning"
    """Nothing was left out, and a reader should know."""


@dataclass(frozen=True)
class Code:
    """What one kind of finding means: a title, and a paragraph for the manual."""

    title: str
    meaning: str


CODES: dict[str, Code] = {
    "YAML-SYNTAX": Code("The file is not readable YAML", "The text breaks the rules of YAML at the place shown."),
    "YAML-DUPLICATE": Code(
        "A key is given twice",
        "Ordinary readers keep the last of two equal keys without a word, so one of two rates would vanish. Keep one.",
    ),
    "YAML-FEATURE": Code(
        "An anchor, alias, tag or merge key",
        "These hide what a clause says from whoever reads it aloud. Write the value out where it belongs.",
    ),
    "FIELD-UNKNOWN": Code("A field that is not part of the language", "The name is misspelt or does not belong here."),
    "FIELD-MISSING": Code("A field is missing", "The contract or plan cannot be understood without it."),
    "FIELD-VALUE": Code("A value that cannot be used", "The value has the wrong form or lies outside its limits."),
    "RATE-OVER-WHOLE": Code(
        "A share of more than the whole",
        "A share lies between 0% and 100%. 1.75 means 175%; 1.75% means 0.0175. Write the per cent sign.",
    ),
    "TERM-REFERENCE": Code(
        "A name that nothing made",
        "A term works on an amount, party, indicator or setting that does not exist, or not yet, at that point.",
    ),
    "AMOUNT-HELD": Code(
        "An amount that would be paid twice",
        "A term pays an amount that the host's result holds already, since it was paid the budget that it comes from.",
    ),
    "CONTRACT-CLIFF": Code(
        "A cliff",
        "At one point £1 more of cost, or a hair more of a score, moves the host's result by a large sum. Disputes "
        "about small figures become disputes about large ones. A gate that shares the first pound has one.",
    ),
    "CONTRACT-STEEP": Code(
        "A steep score",
        "One hundredth of a score moves the host's result by more than the sum from which a cliff is told.",
    ),
    "CONTRACT-WRONG-WAY": Code(
        "A range that pays the wrong way",
        "In it a higher cost, or a worse outcome, pays the host more.",
    ),
    "CONTRACT-UNBOUNDED": Code(
        "A loss or gain without end",
        "Nothing limits what a party can lose or gain as cost rises. A cap, a stop-loss or a last band bounds it.",
    ),
    "CONTRACT-UNSETTLED": Code(
        "A position that the contract cannot settle",
        "For some contract year, score or flag a term has no meaning, for example because a rate is not agreed yet.",
    ),
    "CONTRACT-BENT": Code(
        "A part that could not be followed exactly",
        "A result multiplies two amounts that both move, so it is no straight line, and its points are not sure.",
    ),
    "TERM-IDLE": Code(
        "A term that does nothing",
        "No position that was tried makes the term move money or change an amount. It may be out of reach.",
    ),
    "UNIT-MIXED": Code(
        "A sum of money and a number are mixed",
        "A number without a currency sign is a plain number and no sum: added to money, or in place of it, it would be "
        "taken for pence. Sums are added to sums, and multiplied only by numbers.",
    ),
    "AMOUNT-UNPAID": Code(
        "An amount that nobody is paid",
        "Terms work the amount out, and no term pays it or works on it. It is only shown.",
    ),
    "NAME-UNUSED": Code("A name that nothing uses", "An input or value is declared, and no term works on it."),
    "RULE-IDLE": Code(
        "A scope rule that can never match",
        "Every line that it would claim is claimed by a rule before it.",
    ),
    "RISK-OVER-WHOLE": Code(
        "More than the whole at risk",
        "The shares withheld from one base in a year add to more than 100%.",
    ),
    "VAT-UNFUNDED": Code(
        "VAT that no one funds",
        "A host that is no NHS body cannot reclaim VAT on contracted-out services as an NHS body can (section 41 of "
        "the Value Added Tax Act 1994), and the contract does not say who bears it. It helped to end the UnitingCare "
        "contract.",
    ),
    "EXAMPLE-DIFFERS": Code(
        "A worked example comes to another figure",
        "The contract gives another answer than the one that is agreed in `examples.yaml`. One of the two is wrong.",
    ),
    "TERM-IMPOSSIBLE": Code(
        "A term that has no meaning for a host",
        "For example rates of an amount that came out below zero, so that the bands have no width.",
    ),
    "PLAN-MISMATCH": Code(
        "The plan and what it names do not fit together",
        "For example a year outside the contract's life, or price books none of which holds in the year.",
    ),
    "FILE-MISSING": Code("A file is not there", "The plan names a file, or a pattern of names, that matches nothing."),
    "FILE-EXISTS": Code("A file is there already", "A command that makes new files never writes over one."),
    "FILE-OUTSIDE": Code("A path leaves the workspace", "Inputs are named relative to the workspace and stay in it."),
    "FILE-LEFT-OUT": Code(
        "Files that were left out",
        "A folder, pattern or ZIP holds files that are taken for no table: locks and hidden files that programs leave "
        "behind, texts, pictures, folders within it. Nothing of them was read. One that is a table after all is named "
        "in the plan by itself, or given an ending such as `.csv`.",
    ),
    "FILE-REPEATED": Code(
        "Two files of one content",
        "Two files of a run are the same to the last byte: one was probably saved, or sent, in place of another. Both "
        "are read as they are named: of months that are restated whole the later load counts alone, else every line "
        "counts twice unless the contract sets repeats aside.",
    ),
    "FILE-CHANGED": Code("A file is not the one that was registered", "Its hash differs from the one recorded."),
    "FILE-UNREADABLE": Code(
        "A file cannot be read", "It is empty, broken or too large, or holds no table of rows and columns."
    ),
    "COLUMN-MISSING": Code(
        "A column is missing",
        "The layout requires a column that the header row does not have. Names are compared without regard to case, "
        "spaces, underscores, hyphens and brackets.",
    ),
    "COLUMN-TWICE": Code("A column is given twice", "Two headers mean the same field; which one counts is a guess."),
    "PROFILE-UNKNOWN": Code(
        "No profile reads the file",
        "A profile says which column is which field. The plan names one that there is not, or none fits the file's "
        "headers, or several fit alike, or one of the package and one of the workspace fit. The nearest are named "
        "with the columns that the file lacks.",
    ),
    "PROFILE-INVALID": Code(
        "A profile that cannot be used",
        "A workspace's own profile has the name of one of the package, or another name than its file.",
    ),
    "PERIOD-FUTURE": Code(
        "Rows of months that have not begun",
        "Files carry rows of months that lie in the future; they are read and belong to no year that is settled. Many "
        "of them may mean that a year or a date is written in another way.",
    ),
    "DATES-AMBIGUOUS": Code(
        "Dates of which day and month may be exchanged",
        "Some dates of the file are dates only where the month stands first (or, by a profile that says `dates: "
        "month_first`, the day); their rows are rejected. So the others, of which both parts are 12 or less, may be "
        "other days than were read: a person's host, a price or a month may be the wrong one.",
    ),
    "DATE-APART": Code(
        "Days that lie outside the month that is stated",
        "The day of a line lies after the end of its stated financial month, or more than three months before its "
        "first day. Day and month may be exchanged, or a year or month is wrong. The lines are used as they stand: "
        "the stated month decides the year, and the day the host and the price.",
    ),
    "VALUE-BLANKED": Code(
        "Values that are left blank",
        "A field that a row may lack holds a word where a number or a day should stand. The row is used, and the "
        "field left blank.",
    ),
    "FILE-REFUSED": Code(
        "A file with too many faults",
        "More of the file is faulty than the plan's `thresholds` allow: rows or money that cannot be read, money of "
        "which the point of delivery is not known, or care that belongs to nobody. The run stops, or, where the plan "
        "says `when_exceeded: leave_out`, goes on without the file, all of whose rows count as rejected; an earlier "
        "load of the same months then counts again.",
    ),
    "FILE-NOTHING": Code(
        "A file of which nothing can be used",
        "Every row was rejected, or there is none. People or activity would be missing without a word.",
    ),
    "CONDITION-UNSEEN": Code(
        "A condition that nobody has",
        "The contract names a condition that no row of the conditions file holds; it may be spelt in another way.",
    ),
    "MONTH-MISSING": Code(
        "A provider's month is missing",
        "A provider has lines in some months of the year and none in others; a file may not have arrived.",
    ),
    "MONTH-LIGHT": Code(
        "A newest month with few lines",
        "A provider's newest month of a data set has far fewer lines than its other months have on average (under 85%, "
        "unless the plan says another share: `light_month`). The first version of a month is often not whole. Where "
        "the other months have fewer than 20 lines on average nothing is told.",
    ),
    "SPELL-DAYS": Code(
        "A spell with more bed days than it lasted",
        "Bed days of one spell that are charged month by month come to more than the days from its first start to its "
        "last end, both counted: as when each month counts its first and its last day.",
    ),
    "LINE-REPEATED": Code(
        "Lines that stand twice",
        "Lines of one identifier are the same in everything that is read, or have another price; the same spell or "
        "attendance is in two data sets; or lines without an identifier have all else in common. They are charged as "
        "they stand, unless the contract sets repeats aside (`duplicates: set_aside`): then, of lines that are the "
        "same or are in two data sets, the first is charged. Ask the provider whether they are meant.",
    ),
    "TEN-TIMES": Code(
        "Lines at ten times, or a tenth of, the book's price, or far from it",
        "What was submitted, for the count that was submitted, is about ten times the price of the book (9.5 to 10.5 "
        "times), or about a tenth of it (0.095 to 0.105); or as near to a hundred or a thousand times, or to such a "
        "part: a decimal point, or a count, may have slipped, or pence stand as pounds. Lines over 20 times the book, "
        "or under a twentieth of it, are told as far from it. Nothing is told of a total of £0.00. The lines are "
        "charged as they stand.",
    ),
    "SIGNS-APART": Code(
        "A count and a total of opposite signs",
        "A line with a count below nothing has a total above it, or the reverse: whether a charge or a credit is meant "
        "cannot be known. By provider, how many of the charged lines, and what they come to. They are charged as they "
        "stand, on the price of the book by the sign of their count, and as submitted by that of their total. Money "
        "without a patient is left out.",
    ),
    "COMMISSIONER-SITE": Code(
        "A commissioner's code with the suffix of a site",
        "National data often write the three characters of a commissioner with the suffix 00, as XQY00. Such lines are "
        "taken as the commissioner's own. Name the code in the contract's `commissioners` where nothing is to be told.",
    ),
    "COMMISSIONER-OTHER": Code(
        "A file with no line for the contract's commissioner",
        "Every line of the file that was read is for other commissioners, and is set aside as such: the file may be "
        "meant for another contract, or its codes may be written in another way than in `commissioners`.",
    ),
    "BLOCK-AND-PROXY": Code(
        "A block and a proxy for the same care",
        "A provider is paid a block by lines (point of delivery `BLOCK`), and its contacts in the same setting are "
        "charged at a proxy of their cost: the care would be paid for twice. Set one of the two aside by a guard. "
        "Where the block's lines belong to no person, and so are charged to nobody, it is a warning.",
    ),
    "TIE-OUT": Code(
        "Lines, statement and invoice differ",
        "Contract monitoring is to come to the monthly statement without drugs and devices, drugs and devices each to "
        "the statement's own rows for them, and the statement to the invoice, by provider, month and point of "
        "delivery. One of the two is wrong, or a file is missing. The plan says whether a difference is told (`warn`) "
        "or stops the run (`block`), and how much may differ (`within`).",
    ),
    "YEAR-WRONG": Code(
        "A file holds another financial year",
        "No row of the file belongs to the year of the plan. It was probably picked up from the wrong folder.",
    ),
    "ROW-REJECTED": Code(
        "Rows that cannot be read",
        "A field of the row is not what the layout says: a sum that is a word, a day that is not in the calendar, a "
        "month 13, too few columns. The row is counted, kept out and listed by file and row number.",
    ),
    "ROW-SUPERSEDED": Code(
        "Rows that a later load replaces",
        "Monthly files restate a provider's month whole. The latest load of each provider and month counts.",
    ),
    "ENCODING": Code("A file that is not UTF-8", "It was read as Windows-1252; names with accents deserve a look."),
    "PRACTICE-UNKNOWN": Code(
        "A practice that the map does not know",
        "People are registered with a practice that has no row in the practice file, so no host would be paid for "
        "them. Add the practice; give it a blank neighbourhood if it belongs to no host.",
    ),
    "MAP-INVALID": Code(
        "The practice map contradicts itself",
        "A neighbourhood without a host, a host that is not a party, periods that overlap (with both dates), a "
        "successor that does not exist or leads back to the practice that closed.",
    ),
    "ATTRIBUTION-LIST": Code(
        "An attribution list that contradicts itself",
        "The list names one host of the contract for each person, for the whole year. It names two for somebody, or a "
        "host that is none, or nobody at all. The finding says how many and where the first stands, never who.",
    ),
    "LIST-UNMATCHED": Code(
        "People whom a list and the registrations do not share",
        "People live under a host and are not on the attribution list: their days and lines are nobody's. Or people "
        "on it live under no host in the year, or people on the list of a segment are in no other file. Many of "
        "either may mean that keys are spelled in another way.",
    ),
    "REGISTRATION-OVERLAP": Code(
        "Registrations that overlap",
        "The same person is regularly registered twice on one day and would be paid for twice. The contract may say "
        "which of the two counts (`overlapping_registrations`).",
    ),
    "REGISTRATION-CUT": Code(
        "Registrations that overlapped and were cut",
        "The contract says whose the days are on which a person is regularly registered twice. The other registration"
        " was cut by so many days, of so many people. Nobody counts twice on one day.",
    ),
    "COHORT-TOTAL": Code(
        "A cohort that does not add to what is stated",
        "Bands that do not add to their total, or people counted on a day who are not as many as were stated. Both "
        "figures are told. A year is not settled on a cohort that nobody agrees on; `population.stated.within` of the"
        " contract says by how many people a count may differ.",
    ),
    "LIST-SIZE": Code(
        "A practice's list that is not as long as its registrations",
        "The published list size of a practice and the people whom the registrations file gives it on that day differ"
        " by more than the plan allows. Lists hold people who have gone, and merged practices are found under one "
        "code in one file and under another in the other. Nothing is left out; budgets follow the registrations.",
    ),
    "MAP-GAP": Code(
        "Days on which a practice belongs nowhere",
        "People are registered with a practice on days for which the map has no row: after it closed without a "
        "successor, between two networks, or before its first row. They count for no host on those days. A practice "
        "that belongs to no host is given a blank neighbourhood, and is no gap.",
    ),
    "PERSON-REPEATED": Code("A person with two rows", "The persons file gives one row a person; two contradict."),
    "PERSON-MISSING": Code(
        "People without a row", "People are registered who have no row in the persons file; they count in no segment."
    ),
    "SEGMENT-OVERLAP": Code(
        "Segments that overlap",
        "One person is in one segment on any day, or in none. Two rules or lists of the contract claim the same "
        "people.",
    ),
    "RULE-CONFLICT": Code(
        "Two rules of one rank claim the same lines",
        "First match wins, and rules of equal rank have no first. Give them different ranks or narrow one.",
    ),
    "PRICE-MISSING": Code(
        "A code with no price",
        "Lines carry a code for which the price book has no price, or a blank total where the contract charges what "
        "was submitted. They are set aside, never charged at zero. Add the price to a new version of the book, ask for "
        "the totals, or say in the contract that the lines are out of scope.",
    ),
    "PRICE-REPEATED": Code("A code with two prices", "Two rows of the price book are equally specific."),
    "PRICE-PERIODS": Code(
        "An import that would change prices on days that it was not meant for",
        "Several versions of the book hold within the days of the new one. Indices alone would carry the prices of one "
        "period over to another, and one list of prices for all the days would undo what changes within them. Import "
        "once a period, with its first and last day, or say that the whole is meant.",
    ),
    "PRICE-UNDATED": Code(
        "Activity on days for which no price book holds",
        "Days of the plan's year have no version of its price books, so that their lines would be set aside and the "
        "hosts gain what they cost: the run stops. Where the plan says `prices_may_lack_days: yes` it goes on, and "
        "such lines are set aside and told, never charged at the prices of other days.",
    ),
    "PRICE-VERSION": Code(
        "Versions of a price book that have no order",
        "Which price was first charged and which holds now follows from the days of publication. Two versions were "
        "published on one day for the same days of activity, or one supersedes a version that came after it.",
    ),
    "POD-UNMAPPED": Code(
        "A point of delivery that is not known",
        "The code is not in the national list nor among its usual misspellings. The lines are set aside.",
    ),
    "INDEX-UNDERLYING": Code(
        "An underlying market forces index",
        "Prices are multiplied by the payment index, whose least value is 1.000000. The underlying index, which "
        "allocations use, has values below it, and would pay most providers too little.",
    ),
    "INDEX-MISSING": Code(
        "A provider without a market forces index",
        "Organisations outside the published list are priced at 1.000000. Where a version of a book has no index at "
        "all and others of the book have, every provider is priced so: give the indices with the prices.",
    ),
    "LINE-TOO-LARGE": Code(
        "Lines too large to be real", "Price times count passes what any real line costs. The lines are set aside."
    ),
    "LINE-SET-ASIDE": Code(
        "Lines set aside with a reason",
        "Each pound that came in is either charged or set aside; this says how much, and why.",
    ),
    "INDICATOR-RESULT": Code(
        "Indicator results that do not fit the contract",
        "A host has no result, or two, for an indicator that the contract pays on; or a denominator is zero.",
    ),
    "PAYMENT-INVALID": Code(
        "A payment on account that does not fit the contract",
        "Payments on account go from the commissioner to a host, in the year of the plan.",
    ),
    "POSITION-INVALID": Code(
        "A position that cannot be read",
        "A cell of a table of hosts is not what its input needs: a text that is no number or could be two, a bare "
        "89.41 where a share is meant, a word that is no choice. Or the row has no host, a host that another row has, "
        "or no contract; or sums are in more than one currency. The message names the row, the column and the input.",
    ),
    "BUDGET-TABLE": Code(
        "A table from which a budget is built cannot be used",
        "A cell is not what its column needs, a row stands twice, or rows contradict each other or the plan. The "
        "message names the row.",
    ),
    "BASELINE-INCOMPLETE": Code(
        "A baseline year is not whole",
        "A month, a provider, a setting or a segment is missing from a year from which rates are to be built, or the "
        "year is not over. Rates built on part of a year would be wrong from the first day of the contract, so nothing "
        "is built until the year is whole.",
    ),
    "BASELINE-SMALL": Code(
        "Too few people for what the plan asks",
        "A segment counts fewer than 5 people, so that its rate would be what one of them cost; or fewer than 20 "
        "people lie above a percentile.",
    ),
    "IDENTIFIABLE": Code(
        "A column that looks like NHS numbers",
        "Over half of its ten-digit values, of which there are 20 or more, pass the check digit. Files name people "
        "by a pseudonym. `yoc pseudonymise` replaces the numbers; `controlled_environment: yes` in the plan says that "
        "the run stands where they may be. The message names the file and the column, never a value.",
    ),
    "PSEUDONYM": Code(
        "A file that cannot be used for pseudonyms",
        "No column is named or found, two files have one name, or a column holds pseudonyms already. Nothing was "
        "written.",
    ),
    "KEY-INVALID": Code(
        "A key that cannot be used",
        "The key's file is not there, or the key is weak: it has under 32 bytes, or repeats a few of them. Whoever can "
        "guess the key can try what pseudonyms and digests stand for.",
    ),
    "DIGEST-INVALID": Code(
        "A digest that cannot be used",
        "The file is no digest, is damaged, or was changed after it was made; or a name that would stand in a digest "
        "may not be shown. Nothing of it was compared.",
    ),
    "DIGEST-APART": Code(
        "Digests that do not belong together",
        "They were made under two keys, or hold two years, contracts or formats, or no tree or provider that both "
        "have: every hash would differ, and that would say nothing. As a warning: the two count lines in two ways.",
    ),
    "PROVIDER-UNKNOWN": Code(
        "A provider of whom there is nothing",
        "No line of the run or the files is of the provider that is named. The code may be written in another way.",
    ),
    "CHECK-FAILED": Code(
        "A law that every settlement must keep was broken",
        "The run stopped and wrote nothing. This is a fault of the software or of an input it should have refused.",
    ),
    "DISK-FULL": Code(
        "The disk is full",
        "There is no room for what has to be written, or a limit on files or on a user was reached. Nothing was "
        "half-written, and the same command again ends what was begun.",
    ),
    "MEMORY-FULL": Code(
        "The memory is too small",
        "A step of the work on lines needs more memory at once than the plan lets it have (`memory`), or than there "
        "is. Nothing was half-written, and the same command again begins anew.",
    ),
    "DISK-REFUSED": Code(
        "The system refuses a file or folder",
        "It can only be read, belongs to somebody else, or is open in another program. Nothing was half-written.",
    ),
    "DISK-FAILED": Code(
        "A file or folder cannot be used",
        "The system said so while it was read or written: a disk or a share that is gone, a name that is a folder. "
        "Nothing was half-written.",
    ),
    "RUN-BUSY": Code(
        "Another run is under way",
        "One run at a time writes into a contract's folder, and one import at a time into that of a price book.",
    ),
    "ENGINE-MISSING": Code(
        "The engine cannot be started",
        "`--engine spark` needs the extra `yoc[spark]`, Java and, where its settings name a cluster, one that can "
        "be reached. Without the option everything is done by DuckDB, which is always there.",
    ),
    "ENGINE-FAILED": Code(
        "The engine failed at a step",
        "Apache Spark could not do a step of the line-level work, and its name for the failure is told. Its own words "
        "may hold values from files, so they stay in its logs.",
    ),
    "RUN-UNKNOWN": Code(
        "No run of that name",
        "A run is named by its folder, its name, or enough of the name's beginning for there to be only one.",
    ),
    "RUN-CHANGED": Code(
        "A run's folder is not as it was written",
        "A file of it is missing, was changed, or is there beside those that the manifest names. Such a run is not "
        "signed, and none of its figures is explained. `yoc verify` says what else can be told of it.",
    ),
    "KEY-UNUSABLE": Code(
        "A key for signing cannot be used",
        "The file is no Ed25519 key in PEM, the private key is under no passphrase or another one, or the passphrase "
        "is too short. A passphrase is asked for, or stands in the environment variable YOC_KEY_PASSPHRASE; no message "
        "shows it.",
    ),
    "FIGURE-UNKNOWN": Code(
        "No such figure in the run",
        "A figure is named by its line and host, by a plain word, or by a cell of a statement. What is "
        "named is no figure of the run; the message lists those that are there, or near by.",
    ),
    "RUNS-APART": Code(
        "Two runs that cannot be compared",
        "Runs are compared where they are of one contract, year and currency, and over hosts that one of them has.",
    ),
    "STORE-UNREACHABLE": Code(
        "The store cannot be reached",
        "Its server does not answer, its URL cannot be read, or the program that speaks to it is not installed. "
        "Nothing was half-written: a run that is in its folder is recorded by the next command.",
    ),
    "STORE-UNSURE": Code(
        "Nobody knows yet whether it was recorded",
        "The connection to the store broke while the act was being kept. All of it is recorded, or nothing: look "
        "with `yoc journal` or `yoc year show` before it is done again. A run, a payment and an adjustment are known "
        "by their names, so that a second time records none of them twice; a dispute would be raised a second time.",
    ),
    "STORE-GONE": Code(
        "Runs lie in their folders, and the store is empty or not there",
        "Who owes whom, what was paid, disputed and signed is in the store alone. Were a new one laid without a word, "
        "all of that would be forgotten. Put back a copy; where there is none, `yoc store new` lays a new store.",
    ),
    "STORE-BUSY": Code("The store is being written to", "One act at a time is recorded; another did not end in time."),
    "STORE-VERSION": Code(
        "The store is of another version",
        "An older store is brought up by `yoc store upgrade`, after a copy was made. A newer one is left alone.",
    ),
    "STORE-BROKEN": Code(
        "The store is not what was recorded",
        "An entry of the journal was changed, taken out or put in behind the program, or the file is damaged.",
    ),
    "STORE-CLOCK": Code(
        "A moment that cannot be",
        "The clock stands before what was recorded last, or a question is about a moment that is not yet past. What "
        "was known when is evidence, so neither is guessed.",
    ),
    "STORE-UNKNOWN": Code("The store does not know it", "No such contract, year, run or dispute was recorded."),
    "ENTRY-UNBALANCED": Code(
        "Entries that do not come to nothing",
        "What one party gains another gives. Entries that do not sum to nothing are a fault of the software; nothing "
        "was recorded.",
    ),
    "YEAR-STATE": Code(
        "The year does not allow it",
        "A year is open, at its first reconciliation (flex), final (freeze) or closed, and each allows some acts. A "
        "closed year is opened again first, with a reason.",
    ),
    "REFERENCE-REPEATED": Code(
        "A reference that was used before",
        "A payment's reference and an adjustment's evidence are used once in a contract's year, so that nothing is "
        "recorded twice by asking twice.",
    ),
    "PERSON-NAMED": Code(
        "A text that names a person",
        "A reason, a reference or a name holds ten digits that are a valid NHS number. The store keeps nothing about a "
        "person. By chance a reference of ten digits may look like one: write letters directly before it.",
    ),
    "AMOUNT-INVALID": Code(
        "An amount or a party that cannot be",
        "A sum of nothing, a party that the contract does not have, one party on both sides, a payment that the "
        "settlement has taken off with another amount, or a dispute of more than its line.",
    ),
    "DISPUTE-STATE": Code(
        "The dispute does not allow it",
        "A dispute is raised, answered as often as it takes, and settled once.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing found. ``line`` and ``column`` count from 1; ``count`` is how many rows it stands for,
    ``row_numbers`` where they stand, if that is known."""

    code: str
    level: Level
    message: str
    mend: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    excerpt: str = ""
    count: int | None = None
    row_numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"{self.code} is not a registered code")
        # Columns may be mixed up, so that a number of a person stands where a code should: no words repeat it.
        for name in ("message", "mend", "excerpt"):
            object.__setattr__(self, name, masked(getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        """The finding as a row of ``findings.jsonl``; fields that say nothing are left out."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, ())}

    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))


class FindingsError(Exception):
    """Raised when a run cannot go on; carries every finding that was gathered, not the first."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{finding.code}: {finding.message}" for finding in self.findings))


def refusal(code: str, message: str, mend: str, file: str = "") -> FindingsError:
    """An error of one finding that stops what was asked, to be raised.

    >>> str(refusal("YEAR-STATE", "the year is closed", "open it again"))
    'YEAR-STATE: the year is closed'
    """
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])


def stop_if_any(findings: Iterable[Finding]) -> None:
    """Raise ``FindingsError`` with all the findings where at least one of them stops a run."""
    gathered = tuple(findings)
    if any(finding.level is Level.SUBMISSION for finding in gathered):
        raise FindingsError(gathered)
