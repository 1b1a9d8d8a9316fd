"""`yoc contract ...`: writing, reading and comparing contracts. A command of its own file joins with
`contract_app.command()(its_function)`.
"""

from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import output, say, text_width

contract_app = typer.Typer(
    name="contract",
    help="Write a contract, read it in plain English, compare two.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@contract_app.command()
def new(
    directory: Annotated[Path, typer.Argument(help="The folder to make the contract in: contracts/MY-CONTRACT.")],
    id_: Annotated[str | None, typer.Option("--id", help="The contract's name; the folder's unless said.")] = None,
    title: Annotated[str | None, typer.Option(help="The title that readers see.")] = None,
    shape: Annotated[
        str | None,
        typer.Option(help="What it begins with: plain, gain-share, outcomes, or table (settled without line data)."),
    ] = None,
    commissioner: Annotated[str | None, typer.Option(metavar="CODE:NAME", help="The commissioner.")] = None,
    host: Annotated[list[str] | None, typer.Option(metavar="CODE:NAME", help="A host; may be repeated.")] = None,
    first_year: Annotated[str | None, typer.Option(help="The first financial year, as 2026/27.")] = None,
    years: Annotated[int | None, typer.Option(help="For how many years it runs.", min=1, max=50)] = None,
    currency: Annotated[str | None, typer.Option(help="GBP, USD or EUR.")] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(metavar="SEGMENT:SETTING:SUM", help="An annual rate (adults:emergency:£850); may be repeated."),
    ] = None,
    host_keeps: Annotated[str | None, typer.Option(help="The host's share of a gain and a loss, as 50%.")] = None,
    profit_limit: Annotated[
        str | None, typer.Option(help="The gain that the host keeps at most, as a rate of its budget, as 7.5%.")
    ] = None,
    at_risk: Annotated[str | None, typer.Option(help="The share of the budget that outcomes earn, as 2%.")] = None,
) -> None:
    """Make a contract's folder: a commented contract.yaml and a worked example. Asks for what is not given."""
    from yoc.cli.new_contract import Answers, ask_what_is_missing, wanted_from
    from yoc.workflow.new_contract import lay_contract

    answers = Answers(
        directory, id_, title, shape, commissioner, tuple(host or ()), first_year, years, currency, tuple(rate or ()),
        host_keeps, profit_limit, at_risk,
    )  # fmt: skip
    wanted = wanted_from(ask_what_is_missing(answers))
    with told_plainly(say):
        made = lay_contract(directory, wanted)
    typer.echo("\n".join(path.as_posix() for path in made))
    typer.echo(f"Read it in plain English: yoc contract show {(directory / 'contract.yaml').as_posix()}")


@contract_app.command()
def show(
    file: Annotated[Path, typer.Argument(help="The contract: contracts/MY-CONTRACT/contract.yaml")],
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, not wrapped.")] = False,
) -> None:
    """Say a contract in plain English, clause by clause, fit for a board paper."""
    from yoc.contract.story import as_markdown, as_text
    from yoc.workflow.show_contract import story_of

    with told_plainly(say):
        story = story_of(file)
    typer.echo(as_markdown(story) if markdown else as_text(story, text_width()), nl=False)


@contract_app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="The contract as it was.")],
    after: Annotated[Path, typer.Argument(help="The contract as it is to be.")],
    positions: Annotated[
        Path | None, typer.Option(help="Settle both on this table: CSV, XLSX or Parquet, one row a host.")
    ] = None,
    map_: Annotated[Path | None, typer.Option("--map", help="How columns and codes become inputs (YAML).")] = None,
    run: Annotated[
        Path | None, typer.Option(help="Settle both on the hosts of a run: reconciliation/YEAR/CONTRACT/runs/RUN")
    ] = None,
    example: Annotated[str, typer.Option(help="Only this one of the worked examples beside the second.")] = "",
) -> None:
    """Say what changed between two contracts, and what the change moves, clause by clause."""
    from yoc.cli.diff_output import print_compared
    from yoc.workflow.compare_contracts import compare, from_examples, from_run, from_table

    if sum((positions is not None, run is not None, bool(example))) > 1:
        raise typer.BadParameter("give one of --positions, --run and --example")
    if map_ is not None and positions is None:
        raise typer.BadParameter("--map says how --positions is read")
    with told_plainly(say):
        if positions is not None:
            source = from_table(positions, map_)
        else:
            source = from_run(run) if run is not None else from_examples(after, example)
        compared = compare(before, after, source)
    print_compared(output(), compared, text_width())


@contract_app.command()
def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the workspace's schema is not current.")
    ] = False,
) -> None:
    """Write the schema by which editors complete and explain contract.yaml; outside a workspace, print it."""
    from yoc.workflow.contract_schema import SCHEMA_FILE, check_schema, schema_text, workspace_above, write_schema

    with told_plainly(say):
        workspace = workspace_above(Path())
        if check:
            check_schema(workspace)
            typer.echo(f"{SCHEMA_FILE} is current.")
        elif workspace is None:
            typer.echo(schema_text(), nl=False)
        else:
            write_schema(workspace)
            typer.echo(f"{SCHEMA_FILE} is written.")
