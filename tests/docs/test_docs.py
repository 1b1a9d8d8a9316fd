"""The manual says what the code does: pages are current, links lead somewhere, the picture of the house is true."""

import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/reference/generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_gives():
    pages = generator().PAGES
    stale = [
        name
        for name, page in pages.items()
        if not (ROOT / "docs/reference" / name).is_file()
        or (ROOT / "docs/reference" / name).read_text(encoding="utf-8") != page()
    ]
    assert stale == [], "run `make docs`"
    kept = {f"errors/{path.name}" for path in (ROOT / "docs/reference/errors").iterdir()}
    assert kept == {name for name in pages if name.startswith("errors/")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_to_one(page):
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not missing


def test_the_architecture_page_names_every_room_and_no_other():
    text = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^\| `([a-z]+)` \|", text, flags=re.MULTILINE))
    rooms = {path.name for path in (ROOT / "src/yoc").iterdir() if (path / "__init__.py").is_file()}
    assert drawn == rooms


def test_every_command_and_exit_code_of_the_readme_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"^\s*(?:\$ )?yoc ([a-z]+)", text, flags=re.MULTILINE))
    known = {words[0] for words in generator().command_names()}
    assert commands and commands <= known


def test_the_two_commands_of_the_readme_are_what_the_checks_run():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme and "make test" in readme
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


TERM_EXAMPLES = yaml.safe_load((ROOT / "docs/reference/term-examples.yaml").read_text(encoding="utf-8"))
TERM_CONTRACT = """
contract: example
title: An example
version: "1"
status: live
first_year: 2026/27
years: 5
parties:
  - {code: ICB, name: The Board, role: commissioner}
  - {code: HOST, name: The host, role: host}
  - {code: LA1, name: The council, role: other}
  - {code: VC1, name: A partner, role: vcse}
  - {code: VC2, name: Another partner, role: vcse}
  - {code: TRUST, name: The trust, role: provider}
terms:
"""


def test_every_kind_of_term_has_an_example_and_no_other():
    from yoc.contract.terms import KINDS

    assert set(TERM_EXAMPLES) == set(KINDS)
    assert all(f"kind: {kind}" in example["terms"] for kind, example in TERM_EXAMPLES.items())


@pytest.mark.parametrize("kind", sorted(TERM_EXAMPLES))
def test_the_example_of_a_kind_of_term_comes_to_what_it_says(kind):
    from yoc.contract import read_contract
    from yoc.settlement.examples import read_examples, work

    example = TERM_EXAMPLES[kind]
    position = yaml.safe_dump({"position": example["position"]}) if "position" in example else ""
    contract = read_contract(TERM_CONTRACT + example["terms"] + position, "contract.yaml")
    case = {"name": kind, "position": example.get("given", {}), "expect": example["comes_to"]}
    read = read_examples(yaml.safe_dump({"examples": [case]}, allow_unicode=True), "examples.yaml")
    assert work(contract, read, 0).differences == ()


def test_no_paragraph_about_terms_leads_to_nothing():
    page = (ROOT / "docs/reference/terms.md").read_text(encoding="utf-8")
    paragraphs = [part.strip() for part in page.split("\n\n")]
    assert [part for part in paragraphs if part.endswith(":")] == []
    assert "Of the gross: 2% of a gross of £15.00 off a share of £10.00. From both, a loss grows." in paragraphs


def test_the_example_of_a_map_and_of_inputs_can_be_read():
    from yoc.contract.inputs import Input
    from yoc.core.located import read_document
    from yoc.intake.position_file import read_position_map

    page = (ROOT / "docs/reference/positions.md").read_text(encoding="utf-8")
    inputs, example = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    declared = {
        name: Input.model_validate(fields) for name, fields in read_document(inputs, "x").content["position"].items()
    }
    rules = read_position_map(example, "map.yaml").rules
    assert set(rules.columns) <= set(declared)
    assert (rules.only, rules.columns["relief"].times) == ({"Risk_Model": ("Two-Sided",)}, -1)


def test_the_contract_of_the_how_to_is_made_read_and_comes_to_its_answer(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from yoc.contract import read_contract
    from yoc.contract.story import as_text, contract_story
    from yoc.settlement.examples import read_examples, work

    page = (ROOT / "docs/how-to/write-a-contract.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^yoc (contract new .*--profit-limit.*)$", page, flags=re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(generator().app, shlex.split(command))
    assert made.exit_code == 0, made.output
    text, examples = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    contract = read_contract(text, "contract.yaml")
    assert work(contract, read_examples(examples, "examples.yaml"), 0).differences == ()
    (said,) = re.findall(r"```text\n( 7\. .*?)```", page, flags=re.DOTALL)
    assert said in as_text(contract_story(contract), 100)


def runs_of(page: Path) -> list[tuple[list[str], str]]:
    """Each command of a page that is marked to be run, and what the page says it prints."""
    blocks = re.findall(
        r"<!-- run -->\n```console\n\$ yoc (.*?)\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    return [(shlex.split(command), printed) for command, printed in blocks]


PAGES_THAT_RUN = sorted(page.stem for page in (ROOT / "docs/how-to").glob("*.md") if runs_of(page))


@pytest.mark.parametrize("name", PAGES_THAT_RUN)
def test_the_commands_of_a_page_print_what_it_says(name, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from yoc.cli.commands import app

    page = ROOT / f"docs/how-to/{name}.md"
    files = re.findall(r"<!-- file: (\S+) -->\n```text\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    shutil.copytree(ROOT / "contracts/published", tmp_path / "contracts/published")
    # With both folders it is a workspace, which may have profiles of its own.
    (tmp_path / "reconciliation").mkdir()
    for file, text in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    runs = runs_of(page)
    assert runs
    for arguments, printed in runs:
        shown = CliRunner().invoke(app, arguments).output
        assert "\n".join(line.rstrip() for line in shown.strip().splitlines()) == printed.strip()


ON_ITS_DAY = re.compile(
    r"((?:<!-- replace: [^\n]* -->\n)*)<!-- run on its day -->\n```console\n\$ yoc (.*?)\n(.*?)```", re.DOTALL
)


@pytest.mark.parametrize("page", ["how-to/run-the-year.md", "tutorial/audit-a-statement.md"])
def test_the_commands_of_a_year_print_what_the_page_says(page, small_sample, tmp_path, monkeypatch, clock):
    """Each on the day that it names or the day after the last; a line of three dots stands for lines left out.

    ``HASH`` stands for the hash that was printed last, ``OLD`` and ``NEW`` for the first run and the other.
    """
    from typer.testing import CliRunner

    from yoc.cli.commands import app
    from yoc.workflow import store_place

    left_out = shutil.ignore_patterns("runs", "reports", "store*")
    shutil.copytree(small_sample.parents[3], tmp_path, dirs_exist_ok=True, ignore=left_out)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("YOC_BY", "A. Analyst")
    monkeypatch.delenv("YOC_STORE_URL", raising=False)
    monkeypatch.setattr(store_place, "system_clock", clock)
    settled = CliRunner().invoke(app, ["reconcile", "reconciliation/2026-27/bnssg-working-age/plan.yaml"])
    assert settled.exit_code == 0, settled.output
    clock.on(days=1)
    runs = ON_ITS_DAY.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert len(runs) > 8
    last_hash = ""
    folder = tmp_path / "reconciliation/2026-27/bnssg-working-age/runs"
    (first,) = (run.name for run in folder.glob("2026-27-*"))
    for replacements, command, printed in runs:
        for replaced in re.findall("<!-- replace: (.*?) -->", replacements):
            file, old, new = (part.strip() for part in replaced.split("|"))
            text = (tmp_path / file).read_text(encoding="utf-8")
            assert old in text
            (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8", newline="\n")
        other = next((run.name for run in folder.glob("2026-27-*") if run.name != first), first)
        named = command.replace("HASH", last_hash).replace("OLD", first).replace("NEW", other)
        arguments = shlex.split(named)
        if "--on" in arguments:
            clock.to(arguments[arguments.index("--on") + 1])
        shown = CliRunner().invoke(app, arguments).output
        clock.on(days=1)
        last_hash = next(iter(re.findall(r"\b[0-9a-f]{64}\b", shown)), last_hash)
        shown = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        shown = re.sub(r"2026-27-[0-9a-f]{12}", "2026-27-xxxxxxxxxxxx", shown)
        shown = re.sub(r"\b[0-9a-f]{64}\b", "…", shown)
        parts = [re.escape(part) for part in printed.strip().split("\n…\n")]
        assert re.fullmatch("\n.*\n".join(parts), shown, flags=re.DOTALL), f"{command}\n{shown}"
