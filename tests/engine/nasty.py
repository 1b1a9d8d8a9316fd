"""One world that holds what two engines could see in different ways, settled under two contracts at once."""

from pathlib import Path

from small_world import CONTRACT, lay, table, write

SHADOW = "contracts/world-shadow/contract.yaml"
COST = "  - {id: cost, kind: activity_cost}\n"
OWN = (
    ("{basis: book, rounding: per_line}", "{basis: lower, rounding: per_line}\n  duplicates: set_aside"),
    ("segments_tested: year_start", "conditions: [diabetes, pain]\n  segments_tested: month_start"),
    ("    - {id: all, name: Everybody, age: {from: 0, to: 120}}\n",
     "    - {id: ill, name: Ill, age: {from: 18, to: 120}, conditions: {at_least: 1}}\n"
     "    - {id: all, name: Everybody else, age: {from: 18, to: 120}, conditions: {exactly: 0}}\n"),
    ("    all: {primary: £365, emergency: £0}\n",
     "    all: {primary: £365, emergency: £0}\n    ill: {primary: £730, emergency: £1}\n"),
    (COST, COST + "  - {id: high, kind: stop_loss, threshold: £20.01, share: 80%, borne_by: C, pro_rata: yes}\n"),
)  # fmt: skip
BESIDE = (
    ("attribution: host_on_activity_date", "attribution: plurality\n  attribution_ties: later"),
    ("{basis: lower, rounding: per_line}", "{basis: submitted, rounding: on_total}"),
    ("share: 80%, borne_by: C, pro_rata: yes", "share: 80%, borne_by: C, taken: in_proportion"),
)
LARGEST = "23058430.09"
"""The largest total that is charged: in thousand-millionths of a penny four of them need more than 64 bits."""

PERSONS = (
    "P1,1980-01-01,,",
    # Eighteen on 1 March 2027, since 2027 has no 29 February.
    "P2,2009-02-28,,31.5",
    "P3,2008-02-29,2026-09-30,",
    "P4,1980-01-01,,",
    "P5,2026-06-15,,",
)
REGISTRATIONS = (
    "P1,PA,Regular,2020-01-01,2026-04-30",
    "P1,PB,Regular,2026-05-01,",
    "P2,PA,Regular,2020-01-01,",
    "P3,PA,Regular,2020-01-01,",
    # As many days under each host.
    "P4,PA,Regular,2026-04-01,2026-06-30",
    "P4,PB,Regular,2026-07-01,2026-09-29",
    "P5,PB,Regular,2026-06-15,",
)
CONDITIONS = ("P1,Diabetes,2026-07-15", "P3,Pain,2001-01-01", "P3,diabetes,2001-01-01", "P4,Other,2001-01-01")
# Identifier, commissioner, person, day, point of delivery, code, count, total. VB01Z costs £10.005 after market forces.
LINES = (
    "L1,C,P1,2026-04-10,AE,VB01Z,1,10.01",  # half a penny of the book's
    "L2,C,P1,2026-04-10,AE,VB01Z,-1,-10.01",
    "L3,C,P1,2026-04-10,AE,VB01Z,3,31.00",
    "L4,C,P1,2026-05-01,AE,VB01Z,3,29.00",
    "L4,C,P1,2026-05-01,AE,VB01Z,3,29.00",  # the same line again
    "L5,C,P1,2026-05-01,AE,VB01Z,1,-5.00",  # another sign than the book's
    *(f"M{number},C,P4,2026-08-0{number},AE,VB01Z,1,{LARGEST}" for number in range(1, 6)),
    f"M6,C,P4,2026-08-05,AE,VB01Z,1,-{LARGEST}",
    "L6,C,P3,2026-09-30,AE,VB01Z,1.5,15.00",  # on the day of death
    "L7,C,P3,2026-10-01,AE,VB01Z,1,10.00",  # after it
    "L8,C,P5,2026-06-14,AE,VB01Z,1,10.00",  # before birth
    "L9,C,P2,2026-12-31,AE,VB01Z,1,10.00",  # too young to be in the cohort
    "L10,C,P2,2027-03-31,AE,VB01Z,0.333,3.33",
    "L11,C,P1,2027-04-01,AE,VB01Z,1,10.00",  # out of the year
    "L12,C,,2026-05-01,AE,VB01Z,1,10.00",  # nobody
    "L13,C,P9,2026-05-01,AE,VB01Z,1,10.00",  # somebody on no list
    "L14,D,P1,2026-05-01,AE,VB01Z,1,10.00",  # another commissioner's
    "L15,C,P1,2026-05-01,AE,,1,10.00",  # no code
    "L16,C,P1,2026-05-01,AE,XX01Z,1,10.00",  # no price
    "L17,C,P1,2026-05-01,AE,VB01Z,1,",  # no total
    "L18,C,P1,2026-05-01,BLOCK,,1,10.00",
    ",C,P1,2026-11-02,AE,VB01Z,1,10.00",  # two that may be one
    ",C,P1,2026-11-02,AE,VB01Z,1,10.00",
    "L19,C,P1,2026-05-01,AE,VB01Z,x,10.00",  # rejected
    "L20,C,P1,2026-05-01,AE,VB01Z,1,1000.00",  # a hundred times the book's
)
# A second load restates its month, so that L10 goes too.
RESTATED = "R1,C,P2,2027-03-02,AE,VB01Z,2,20.01"
COLUMNS = (
    "CDS UNIQUE IDENTIFIER,ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,"
    "ACTIVITY END DATE (CONTRACT MONITORING),POINT OF DELIVERY CODE,TARIFF CODE,ACTIVITY COUNT (POINT OF DELIVERY),"
    "TOTAL COST,FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),NATIONAL TARIFF INDICATOR"
)


def lay_nasty(root: Path) -> Path:
    """The world, in two loads of activity; gives the plan's path."""
    plan = lay(root, *OWN, price="10.00", index="1.000500")
    text = (root / CONTRACT).read_text(encoding="utf-8").replace("status: live", "status: shadow")
    for old, new in BESIDE:
        assert old in text, old
        text = text.replace(old, new)
    write(root, SHADOW, text)
    table(root, "data/persons.csv", "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX", PERSONS)
    header = (root / "data/registrations.csv").read_text(encoding="utf-8").splitlines()[0]
    table(root, "data/registrations.csv", header, REGISTRATIONS)
    table(root, "data/conditions.csv", "PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE", CONDITIONS)
    (root / "data/activity.csv").unlink()
    table(root, "data/load-1/lines [1].csv", COLUMNS, [f"{line},,,P,Y" for line in (*LINES, RESTATED)])
    table(root, "data/load-2/lines.csv", COLUMNS, [f"{RESTATED},,,P,Y"])
    activity = '  activity: ["data/load-1/*.csv", "data/load-2/*.csv"]\n'
    text = plan.read_text(encoding="utf-8").replace("  activity: data/activity.csv\n", activity)
    return write(root, plan.relative_to(root).as_posix(), f"{text}beside: {SHADOW}\n")
