"""A sample is a function of its seed and sizes, and appears whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from yoc.synth import DestinationInUse, MissingPrice, Sizes, generate

BOOK = Path(__file__).parents[2] / "tariffs" / "sample-prices" / "2026-27"

# Of the population files at seed 7, which depend on neither prices nor activity. A change here means that a sample
# made today differs from one made before: say so in the changelog. To renew, copy the digest that the failure shows.
POPULATION_DIGEST = "766803ad12fea5566673809bfae19cd8660958bf85b571d2fa0eefa72d5617d6"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def small(folder: Path, **changes: object) -> dict[str, int]:
    arguments: dict = {
        "sizes": Sizes(people=500, lines=5_000, seed=3),
        "prices": BOOK / "prices.csv",
        "market_forces": BOOK / "mff.csv",
    }
    return generate(folder, **(arguments | changes))


def test_same_seed_and_sizes_give_the_same_bytes(sample, make, tmp_path):
    again = make(tmp_path / "again", people=1_000, lines=21_000, seed=7)
    assert digests(again.folder) == digests(sample.folder)
    assert again.counts == sample.counts


def test_the_population_is_the_same_on_every_platform(sample):
    text = b"".join(
        (sample.folder / name).read_bytes() for name in ("persons.csv", "registrations.csv", "conditions.csv")
    )
    assert hashlib.sha256(text).hexdigest() == POPULATION_DIGEST


def test_another_seed_gives_other_people_and_other_lines(sample, make, tmp_path):
    other = digests(make(tmp_path / "other", people=1_000, lines=21_000, seed=8).folder)
    same = {name for name, digest in digests(sample.folder).items() if other[name] == digest}
    assert same <= {"practices.csv", "neighbourhoods.csv", "payments_on_account.csv", "planted_faults.csv"}


def test_files_are_those_of_the_layout(sample):
    providers = ("ZA1", "ZA2", "ZM1", "ZC1", "ZG1", "ZL1")
    slices = [f"2627_M{month:02d}_{provider}.csv" for month in range(1, 13) for provider in providers]
    restated = ("2627_M03_ZC1.csv", "2627_M05_ZA2.csv", "2627_M07_ZM1.csv")
    expected = {
        "README.txt", "registrations.csv", "persons.csv", "conditions.csv", "practices.csv", "neighbourhoods.csv",
        "indicator_results.csv", "payments_on_account.csv", "planted_faults.csv",
        *(f"plcm/load-1/PLCM_{name}" for name in slices),
        *(f"plcm/load-2/PLCM_{name}" for name in restated),
        *(f"acm/ACM_{name}" for name in slices),
    }  # fmt: skip
    assert set(digests(sample.folder)) == expected


def test_every_file_is_utf8_with_line_feeds_but_the_planted_one(sample):
    for path in sample.folder.rglob("*.csv"):
        data = path.read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        if path.name == "PLCM_2627_M04_ZM1.csv":
            with pytest.raises(UnicodeDecodeError):
                data.decode("utf-8")
        else:
            data.decode("utf-8")


def test_counts_are_the_rows_that_were_written(sample, first_load, second_load):
    assert sample.counts["plcm_lines_load_1"] == len(first_load) == sample.sizes.lines
    assert sample.counts["plcm_lines_load_2"] == len(second_load)
    for name in (
        "persons", "registrations", "conditions", "practices", "neighbourhoods", "indicator_results",
        "payments_on_account", "planted_faults",
    ):  # fmt: skip
        assert sample.counts[name] == len(sample.table(f"{name}.csv"))
    statements = sum(len(sample.table(f"acm/{path.name}")) for path in (sample.folder / "acm").iterdir())
    assert sample.counts["acm_lines"] == statements


def test_readme_says_synthetic_and_how_it_was_made(sample):
    text = (sample.folder / "README.txt").read_text(encoding="utf-8")
    assert text.startswith("Synthetic")
    assert "Seed 7; 1000 people" in text
    assert "21000 activity lines" in text


def test_smallest_sample_holds_every_planted_fault(tmp_path):
    counts = small(tmp_path / "small")
    assert counts["plcm_lines_load_1"] == 5_000
    assert counts["planted_faults"] == 42


def test_an_earlier_sample_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    folder = tmp_path / "data" / "sample"
    small(folder)
    before = digests(folder)
    (folder / "stray.txt").write_text("x", encoding="utf-8")
    small(folder)
    assert digests(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["sample"]


def test_a_stopped_run_leaves_the_destination_as_it_was(tmp_path):
    folder = tmp_path / "sample"

    def stop_in_june(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("activity", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small(folder, progress=stop_in_june)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_every_step(tmp_path):
    told: list[tuple[str, int, int]] = []
    small(tmp_path / "sample", progress=lambda *step: told.append(step))
    assert told == [("people", 0, 1), ("people", 1, 1), *(("activity", done, 12) for done in range(13))]


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DestinationInUse, match="not a synthetic sample"):
        small(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_taken(tmp_path):
    small(tmp_path / "sample")
    (tmp_path / "empty").mkdir()
    small(tmp_path / "empty")
    assert digests(tmp_path / "empty") == digests(tmp_path / "sample")


def test_a_price_book_without_a_needed_code_stops_the_run(tmp_path):
    book = tmp_path / "prices.csv"
    lines = (BOOK / "prices.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    book.write_text("".join(line for line in lines if not line.startswith("GPA04")), encoding="utf-8")
    with pytest.raises(MissingPrice, match="GPA04"):
        small(tmp_path / "sample", prices=book)
    assert not (tmp_path / "sample").exists()


@pytest.mark.parametrize("sizes", [{"people": 499}, {"lines": 4_999}, {"seed": -1}])
def test_sizes_out_of_range_are_refused(sizes):
    with pytest.raises(ValueError, match=next(iter(sizes))):
        Sizes(**sizes)
