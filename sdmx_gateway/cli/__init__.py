"""The command line: parse, call the façade, print.

Exit codes: 0 done; 1 findings of severity error; 2 wrong use, configuration, mapping or source; 3 refused or undeliverable.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sdmx_gateway import __version__
from sdmx_gateway.cli import convert, mappings, operate, release, structures, transmit
from sdmx_gateway.cli.screen import err, print_json
from sdmx_gateway.errors import GatewayError

app = typer.Typer(
    name="sdmx-gateway",
    help="National statistics of the French Ministry of the Interior as SDMX: mapped, checked, released, sent and served.",
    epilog="Start with: sdmx-gateway run · then sdmx-gateway serve · every command takes --help, most take --json. "
    "Settings: gateway.toml in the working folder, or SDMX_GATEWAY_*.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
operate.add_to(app)
convert.add_to(app)
app.add_typer(release.app, name="release")
app.add_typer(transmit.app, name="transmit")
app.add_typer(structures.app, name="structures")
app.add_typer(mappings.app, name="mappings")
app.add_typer(transmit.ledger, name="ledger")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"sdmx-gateway {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; a refusal is printed as it is and becomes the exit code."""
    try:
        app(prog_name="sdmx-gateway")
    except GatewayError as error:
        if "--json" in sys.argv:
            print_json(error)
        else:
            err.print(f"✗ {error}", style="red", markup=False)
        sys.exit(error.exit_code)
