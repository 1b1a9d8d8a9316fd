"""`yoc contract ...`: writing, reading and comparing contracts. A command of its own file joins with
`contract_app.command()(its_function)`.
"""

from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import say

contract_app = typer.Typer(
    name="contract",
    help="Write a contract, read it in plain English, compare two.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
