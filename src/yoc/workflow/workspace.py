"""Laying a workspace: an empty one to fill, or the synthetic sample."""

import shutil
from pathlib import Path

SAMPLE_PLAN = "reconciliation/2026-27/bnssg-working-age/plan.yaml"
SAMPLE_DATA = "data/2026-27/bnssg-working-age"
SAMPLE_PRICES = "tariffs/sample-prices/2026-27"
_SAMPLE_FILES = (
    "contracts/register.yaml",
    "contracts/bnssg-working-age/contract.yaml",
    "contracts/bnssg-working-age/examples.yaml",
    "contracts/outcomes/working-age.yaml",
    "tariffs/register.yaml",
    f"{SAMPLE_PRICES}/book.yaml",
    f"{SAMPLE_PRICES}/prices.csv",
    f"{SAMPLE_PRICES}/mff.csv",
    SAMPLE_PLAN,
    "budgets/working-age-2027-28/budget.yaml",
)
EVERY_FILE_PLAN = "reconciliation/2026-27/every-national-file/plan.yaml"
EVERY_FILE_DATA = "data/2026-27/every-national-file"
_EVERY_FILE_FILES = ("contracts/every-national-file/contract.yaml", EVERY_FILE_PLAN)
_EMPTY_FILES = {
    "contracts/register.yaml": "# Every contract: id, parties, status, verified by whom and when.\ncontracts: []\n",
    "tariffs/register.yaml": "# Every price book: its folder, year and source.\nbooks: []\n",
    ".gitignore": "# Person-level files never enter version control.\n/data/\n",
    "README.txt": (
        "A workspace for Year of Care contracts.\n\n"
        "contracts/       one folder a contract, with contract.yaml; outcomes/ holds catalogues of indicators\n"
        "tariffs/         price books: book.yaml, prices.csv and mff.csv by book and year\n"
        "data/            files from providers and registers (never in version control)\n"
        "profiles/        how feeds of your own are read; yoc intake profile new FILE drafts one\n"
        "budgets/         how annual rates are built: budget.yaml, and a folder for each table that was built\n"
        "reconciliation/  one folder a year and contract, with plan.yaml; runs/ holds the evidence of each run;\n"
        "                 store.sqlite holds what was recorded: runs, corrections, disputes, payments\n"
        "reports/         statements and pages, which can be made again from the runs\n\n"
        "contracts/register.yaml and tariffs/register.yaml list what there is, for readers.\n\n"
        "Build rates with:    yoc budget build budgets/NAME/budget.yaml\n"
        "Settle a plan with:  yoc reconcile reconciliation/YEAR/CONTRACT/plan.yaml\n"
        "See a sample with:   yoc demo, in an empty folder\n"
    ),
}
_EMPTY_FOLDERS = ("contracts/outcomes", "tariffs", "data", "budgets", "reconciliation", "reports")


def lay_empty(folder: Path) -> list[Path]:
    """Lay an empty workspace; files that are there already stay as they are. Gives the files that were made."""
    for name in _EMPTY_FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    made = []
    for name, text in _EMPTY_FILES.items():
        target = folder / name
        if not target.exists():
            target.write_text(text, encoding="utf-8", newline="\n")
            made.append(target)
    return made


def lay_sample(folder: Path, *, every_file: bool = False) -> list[Path]:
    """Lay the sample's contract, prices and plan; files that are there already stay as they are.

    ``every_file`` lays the contract and the plan of the sample of every national file beside them.
    """
    made = []
    for name in _SAMPLE_FILES + (_EVERY_FILE_FILES if every_file else ()):
        source, target = _sample_root() / name, folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            made.append(target)
    return made


def _sample_root() -> Path:
    """The sample that came with the package, or in a checkout the workspace at its root, which is the same."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "sample"
    return packaged if packaged.is_dir() else package.parents[1]
