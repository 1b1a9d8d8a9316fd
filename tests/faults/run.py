"""`make faults`: a reconciliation and a restatement are killed at many moments, and the next has to put it right.

Half of the moments lie at a touch of a file or of the store, spread over all of them: before it, and in the middle of
each file. The other half lie after a share of the work, drawn at random, wherever that is. One in four worlds has its
store on a PostgreSQL server. After each death what is there is looked at, the same command is run again, and all files
and all that is recorded have to be what they are where nothing was disturbed.
"""

# ruff: noqa: E402 - what is imported lies beside this file

import argparse
import datetime as dt
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from killing import AFTER, BEFORE, FOLDER, NEVER, POSTING, STATEMENTS, Death, Ended
from worlds import REPORTS, RUNS, Found, World, copied, lay, settled

from postgresql import running_server

PAGE = Path("docs/explanation")
SERVERS = 4
"""One in so many worlds has its store on a server."""
STAGES = (
    BEFORE, "Hashing inputs", "Reading people", "Reading activity", "Pricing and attributing", "Settling",
    "Writing statements", FOLDER, STATEMENTS, POSTING, AFTER,
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One death: of which command, where, what was found after it, and what was wrong in the end, if anything."""

    act: str
    store: str
    way: str
    stage: str
    died: bool
    folder: str
    statements: str
    posted: str
    left: int
    next_said: str
    wrong: str


class Act:
    """A command, the world it is done in, and what that world is like after it, undisturbed."""

    def __init__(self, name: str, before: World, place: Path, databases: "Databases | None"):
        self.name, self.before, self.place, self.databases = name, before, place, databases
        self.start = before.read()
        undisturbed = self.copy("undisturbed")
        self.end = self.do(undisturbed)
        assert self.end.code == 0, self.end.said
        self.after = undisturbed.read()
        assert self.after.left_over() == [], self.after.left_over()
        assert len(self.after.recorded["entries"]) > len(self.start.recorded.get("entries", []))

    def copy(self, name: str) -> World:
        url = self.databases.copy(self.before.url, name) if self.databases and self.before.url else ""
        return copied(self.before, self.place / name, url)

    def do(self, world: World, death: Death = NEVER) -> Ended:
        return world.settle(death) if self.name == "reconcile" else world.restate(death)

    def part(self, found: Found, folder: str) -> str:
        """Whether the run's part is there: as before, whole, or (never) something else."""
        part = found.of(folder)
        if part == self.after.of(folder):
            return "whole"
        return "absent" if part == self.start.of(folder) or set(part) <= {f"{folder}.lock"} else "HALF"

    def posted(self, found: Found) -> str:
        entries = found.recorded.get("entries", [])
        if entries == self.after.recorded["entries"]:
            return "whole"
        return "absent" if entries == self.start.recorded.get("entries", []) else "HALF"

    def disturb(self, number: int, way: str, death: Death) -> Moment:
        world = self.copy(f"world{number}")
        dead = self.do(world, death)
        found = world.read()
        parts = [self.part(found, RUNS), self.part(found, REPORTS), self.posted(found)]
        again = self.do(world)
        wrong = self.wrong(parts, again, world.read())
        shutil.rmtree(world.root)
        lines = again.said.splitlines()
        said = " ".join(line for line in lines if line.startswith(("This run", "The run", "Store:")))
        if self.databases and world.url:
            self.databases.drop(world.url)
        kind = "PostgreSQL" if world.url else "SQLite"
        left = len(found.left_over())
        return Moment(self.name, kind, way, dead.stage, dead.code < 0, *parts, left, _masked(said), wrong)

    def wrong(self, parts: list[str], again: Ended, found: Found) -> str:
        """What is not as it has to be after the next command."""
        if "HALF" in parts:
            return f"half written: {parts}"
        if again.code or "Traceback" in again.said:
            return f"the next command ended in {again.code}: {again.said}"
        if found.recorded != self.after.recorded:
            return f"what is recorded differs: {_apart(self.after.recorded, found.recorded)}"
        if found.files != self.after.files:
            return f"files differ: {sorted(set(found.files.items()) ^ set(self.after.files.items()))[:4]}"
        return f"left over: {found.left_over()}" if found.left_over() else ""


def _apart(meant: dict[str, Any], found: dict[str, Any]) -> str:
    """The first rows of each table that only one side has."""
    return str(
        {
            name: (
                [row for row in meant.get(name, []) if row not in found.get(name, [])][:2],
                [row for row in found.get(name, []) if row not in meant.get(name, [])][:2],
            )
            for name in {*meant, *found}
            if meant.get(name) != found.get(name)
        }
    )


def _masked(said: str) -> str:
    return " ".join("RUN" if word.startswith("2026-27-") else word for word in said.split())


class Databases:
    """Databases of a server, copied as folders are."""

    def __init__(self, server: str):
        self.server = server

    def execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(statement)

    def copy(self, url: str, name: str) -> str:
        made = f"{url.rpartition('/')[2]}_{name}"
        self.execute(f"CREATE DATABASE {made} TEMPLATE {url.rpartition('/')[2]}")
        return f"{self.server}/{made}"

    def new(self, name: str) -> str:
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"{self.server}/{name}"

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def acts(place: Path, databases: Databases | None, only: str | None) -> list[Act]:
    """Both commands, or one, in a world with a file, and in one with a server where there is one."""
    made = []
    for name, begin in (("reconcile", lay), ("restate", settled)):
        if only not in (None, name):
            continue
        made.append(Act(name, begin(place / f"{name}-file" / "before"), place / f"{name}-file", None))
        if databases:
            url = databases.new(f"{name}_before")
            made.append(Act(name, begin(place / f"{name}-server" / "before", url), place / f"{name}-server", databases))
    return made


def moments(act: Act, many: int, draw: random.Random) -> list[tuple[str, Death]]:
    """As many deaths as are wanted, spread over the whole command: every other one at a touch."""
    found = []
    for number in range(many):
        share = (number // 2 + draw.random()) / ((many + 1) // 2)
        if number % 2:
            found.append(("after a share of the work", Death(seconds=max(0.001, share * act.end.seconds))))
        else:
            found.append(("at a touch", Death(touch=1 + int(share * act.end.touches))))
    return found


def preload() -> None:
    """Import what the commands do, so that their processes are copied and not begun anew."""
    import yoc.cli.beside_output
    import yoc.cli.commands
    import yoc.cli.table
    import yoc.report
    import yoc.workflow.restate  # noqa: F401
    from yoc.intake.profile_set import built_in_profiles

    built_in_profiles()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=200, help="how many for each of the two commands")
    parser.add_argument("--seed", type=int, default=0, help="0 draws another one each day")
    parser.add_argument("--only", choices=("reconcile", "restate"), help="one of the two commands")
    parser.add_argument("--results", type=Path, nargs="*", help="lines that this program printed, to report on instead")
    parser.add_argument("--no-server", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--write", action="store_true", help=f"write the dated result into {PAGE}")
    wanted = parser.parse_args()
    seed = wanted.seed or int(f"{dt.date.today():%Y%m%d}")
    if wanted.results:
        lines = [line for path in wanted.results for line in path.read_text(encoding="utf-8").splitlines()]
        done = [Moment(**json.loads(line)) for line in lines if line.startswith("{")]
    else:
        done = list(disturbed(wanted, seed))
    text = report(done, seed)
    print(text, file=sys.stderr)
    if wanted.write:
        (PAGE / f"faults-{dt.date.today().isoformat()}.md").write_text(text, encoding="utf-8")
    return 1 if any(moment.wrong for moment in done) else 0


def disturbed(wanted: argparse.Namespace, seed: int) -> Iterator[Moment]:
    """Each death as it was found, told on the way."""
    preload()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        server = None if wanted.no_server else stack.enter_context(running_server())
        planned = []
        for act in acts(place, Databases(server.url) if server else None, wanted.only):
            on_server = wanted.moments // SERVERS if server else 0
            many = on_server if act.before.url else wanted.moments - on_server
            drawn = random.Random(f"{seed}{act.place.name}")
            planned += [(act, number, *moment) for number, moment in enumerate(moments(act, many, drawn))]
        # In no order, so that a run that is broken off has been everywhere.
        random.Random(seed).shuffle(planned)
        for act, number, way, death in planned:
            moment = act.disturb(number, way, death)
            print(json.dumps(asdict(moment)), flush=True)
            yield moment


def report(done: list[Moment], seed: int) -> str:
    died = [moment for moment in done if moment.died]
    wrong = [moment for moment in done if moment.wrong]
    servers = sum(moment.store == "PostgreSQL" for moment in done)
    lines = [
        f"# Killed while it worked: {dt.date.today():%-d %B %Y}",
        "",
        f"`make faults`, seed {seed}: {len(done)} times a command was to be killed (SIGKILL), {servers} of them with "
        f"the store on a PostgreSQL server; {len(died)} times it died, {len(done) - len(died)} times it had ended. "
        "Then the same command was run again. Compared with a world in which nothing was disturbed, "
        + (
            f"**{len(wrong)} ended otherwise**."
            if wrong
            else "every one ended in the same files, statements and journal."
        )
        + " Nothing was half-written, recorded twice or left over." * (not wrong),
        "",
        "Half of the moments lie at a touch of a file or of the store, the others after a random share of it. What "
        "was found after the death, before the next command:",
        "",
        "| command | killed in the stage | times | run's folder | statements | posted | passing files |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for act in ("reconcile", "restate"):
        for stage in STAGES:
            own = [moment for moment in died if (moment.act, moment.stage) == (act, stage)]
            if own:
                parts = ("folder", "statements", "posted")
                counts = [len(own), *(sum(getattr(one, part) == "whole" for one in own) for part in parts)]
                counts.append(sum(bool(one.left) for one in own))
                lines.append(f"| {act} | {stage} | {' | '.join(map(str, counts))} |")
    lines += ["", "What the next command said:", "", "| command | said | times |", "|---|---|---:|"]
    for (act, said), times in sorted(Counter((one.act, one.next_said) for one in died).items()):
        lines.append(f"| {act} | {said} | {times} |")
    lines += [f"\nWRONG: {asdict(moment)}" for moment in wrong]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
