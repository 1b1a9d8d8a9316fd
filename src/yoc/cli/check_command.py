"""`yoc contract check`: contracts before they are signed."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yoc.cli.faults import ExitCode, findings_text, told_plainly
from yoc.cli.terminal import output, say
from yoc.core.findings import Finding, FindingsError
from yoc.core.money import parse_pounds

if TYPE_CHECKING:
    from yoc.workflow.check_contract import Checked


def check(
    files: Annotated[list[Path], typer.Argument(help="The contracts: contracts/*/contract.yaml")],
    cliff: Annotated[
        str | None, typer.Option(help="The sum from which a jump is told; a thousandth of the turnover unless said.")
    ] = None,
    example: Annotated[
        str, typer.Option(help="The example around which the contract is studied; else the first.")
    ] = "",
    chart: Annotated[
        Path | None, typer.Option(help="Draw the result against cost: an .svg file, for one contract.")
    ] = None,
) -> None:
    """Read contracts, work their examples, and look for cliffs, wrong ways, exposure and terms that do nothing."""
    from yoc.cli.check_output import print_check
    from yoc.workflow.check_contract import UnknownExampleError, check_contract
    from yoc.workflow.contract_files import is_no_contract

    if chart is not None and len(files) > 1:
        raise typer.BadParameter("--chart draws one contract: name one file")
    if chart is not None and chart.suffix.lower() != ".svg":
        raise typer.BadParameter(f"--chart draws an .svg file, and {chart.name} is none by its name")
    least = None if cliff is None else Fraction(_sum(cliff))
    console = output()
    faults: list[Finding] = []
    differences = False
    skipped = {file: is_no_contract(file) for file in files} if len(files) > 1 else {}
    for file, what in skipped.items():
        if what:
            typer.echo(f"{file}: {what}.")
    for file in (file for file in files if not skipped.get(file)):
        with told_plainly(say):
            try:
                checked = check_contract(file, least, example)
            except FindingsError as error:
                faults.extend(error.findings)
                continue
            except UnknownExampleError as error:
                raise typer.BadParameter(f"--example: {error}") from None
        print_check(console, checked)
        differences |= bool(checked.differences)
        if chart is not None:
            with told_plainly(say):
                _draw(checked, chart)
            typer.echo(f"Drawn: {chart}")
    if faults:
        say(findings_text(faults))
        raise typer.Exit(ExitCode.INPUT)
    if differences:
        raise typer.Exit(ExitCode.DIFFERENT)


def _sum(text: str) -> int:
    try:
        return parse_pounds(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _draw(checked: "Checked", chart: Path) -> None:
    from yoc.report.contract_chart import ChartTexts, draw_contract
    from yoc.settlement.corners import cost_of, has_cost
    from yoc.settlement.study import RESULT
    from yoc.workflow.writing import write_whole

    study, contract = checked.study, checked.contract
    if not has_cost(contract):
        raise typer.BadParameter(f"--chart draws the result against cost, and no input of {checked.name} is a cost")
    texts = ChartTexts(
        f"{contract.title}: the host's result by cost, around {checked.reference}",
        contract.currency.sign,
        cost_of(contract, study.reference),
    )
    write_whole(chart, draw_contract(study.curve.of(RESULT), RESULT, texts))
