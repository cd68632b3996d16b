"""``mappings``: list, show, check, explain and export the mapping modules, and start a new one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sdmx_gateway.cli.convert import Edition, ModuleName
from sdmx_gateway.cli.screen import Json, err, figure, line, percent, print_json, show, table
from sdmx_gateway.errors import GatewayError, Problem
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping import Explanation, propose_module, structure_map

app = typer.Typer(help="The modules that turn national files into SDMX dataflows.", no_args_is_help=True)


@app.command("list")
def list_modules(as_json: Json = False) -> None:
    """List the modules, what they make and from what."""
    gateway = Gateway()
    modules = [gateway.module(name) for name in gateway.modules]
    rows = [
        {
            "module": m.name,
            "target": m.spec.module.target,
            "from": [s.family for s in m.spec.families] + [s.dataflow for s in m.spec.flows],
            "name": dict(m.spec.module.name),
        }
        for m in modules
    ]
    text = [
        (r["module"], r["target"], ", ".join(map(str, r["from"])), m.spec.module.names.best("fr"))
        for r, m in zip(rows, modules, strict=True)
    ]
    show(rows, as_json=as_json, text=lambda: table(("module", "target", "from", "name"), text))


@app.command("show")
def show_module(module: ModuleName, as_json: Json = False) -> None:
    """Show how a module gives each component, and which files it knows."""
    chosen = Gateway().module(module)
    if as_json:
        print_json(chosen.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        return
    line(f"{chosen.name} → {chosen.spec.module.target}", "bold")
    for source in chosen.spec.source:
        line(f"source {getattr(source, 'family', None) or getattr(source, 'dataflow', '')}", "bold")
        rules = chosen.spec.rules_for(source).items()
        table(
            ("component", "rule"),
            [
                (c, ", ".join(f"{k} = {v}" for k, v in r.model_dump(by_alias=True, exclude_defaults=True).items()))
                for c, r in rules
            ],
        )
    for path in chosen.samples:
        line(f"sample {path.name}")


@app.command()
def check(
    module: Annotated[str | None, typer.Argument(help="One module; all of them by default.")] = None,
    as_json: Json = False,
) -> None:
    """Check modules against the structures, and convert every edition of their samples without releasing anything."""
    gateway = Gateway()
    found: dict[str, tuple[Problem, ...]] = {}
    for name in [gateway.module(module).name] if module else gateway.modules:
        with err.status(f"checking {name}"):
            found[name] = _problems(gateway, name)
    if as_json:
        print_json(found)
    else:
        for name, problems in found.items():
            line(f"{'✗' if problems else '✓'} {name}", "red" if problems else "green")
            for problem in problems:
                line(f"  {problem}")
    raise typer.Exit(2 if any(found.values()) else 0)


def _problems(gateway: Gateway, name: str) -> tuple[Problem, ...]:
    try:
        module = gateway.module(name)
        problems = gateway.check_module(module)
        for edition in gateway.editions(module) if module.spec.families else ("",):
            gateway.convert(module, edition=edition or None)
    except GatewayError as error:
        return error.problems
    return problems


@app.command()
def coverage(module: ModuleName, edition: Edition = None, as_json: Json = False) -> None:
    """How much of the source's total fits the target exactly, less well, or not at all."""
    conversion = Gateway().convert(module, edition=edition)
    if as_json:
        print_json(
            {"shares": conversion.shares, "coverage": conversion.coverage.to_dicts(), "left_out": conversion.left_out}
        )
        return
    line(f"{conversion.module.name}  edition {conversion.edition or '–'}", "bold")
    table(
        ("relation", "share of what is mapped"),
        [(relation, percent(part)) for relation, part in conversion.shares.items()],
        right=("share of what is mapped",),
    )
    for item in conversion.left_out:
        line(f"left out: {item.what}  {figure(item.rows)} rows · {percent(item.share)} · {item.because}", "dim")


@app.command()
def explain(
    module: ModuleName,
    at: Annotated[str, typer.Option(help="Series key: codes joined by dots, in the order of the structure.")],
    period: Annotated[str, typer.Option(help="Reference period.")],
    limit: Annotated[int, typer.Option(help="How many source rows to show.")] = 10,
    as_json: Json = False,
) -> None:
    """Where a figure comes from: the source rows behind one observation.

    sdmx-gateway mappings explain crim_gen_reg --at A.NR.ICCS0101.FR --period 2020
    """
    explanation = Gateway().explain(module, at, period)
    if as_json:
        print_json(explanation)
    else:
        _tell(explanation, limit)


def _tell(explanation: Explanation, limit: int) -> None:
    line(f"{explanation.dataflow}  {explanation.key}  {explanation.period} = {figure(explanation.value)}", "bold")
    line("  " + "  ".join(f"{name} {text}" for name, text in explanation.attributes.items()), "dim")
    parts = explanation.contributions
    how = (
        f"sum of {figure(len(parts))} rows over {', '.join(explanation.summed_over)}"
        if explanation.summed_over
        else f"{figure(len(parts))} rows"
    )
    line(f"└─ {how}")
    for part in parts[:limit]:
        said = ", ".join(f"{name} {text!r}" for name, text in part.said.items())
        fit = part.relation + (f": {part.note}" if part.note else "")
        line(f"   └─ {part.key} = {figure(part.value)}  {part.where}  ({said}) · {fit}")
    if len(parts) > limit:
        line(f"      and {figure(len(parts) - limit)} more: --limit, or --json", "dim")


@app.command()
def export(
    module: ModuleName,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")
    ] = None,
) -> None:
    """Write a recipient's module as an SDMX 3.0 structure map with its representation maps."""
    gateway = Gateway()
    message = structure_map(gateway.module(module), gateway.catalogue, gateway.header())
    if output is None:
        sys.stdout.buffer.write(message)
    else:
        output.write_bytes(message)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="group/module of the module to start.")],
    file: Annotated[Path, typer.Argument(help="A file of the kind it is to read.")],
    target: Annotated[str, typer.Option(help="The dataflow it is to make.")],
    folder: Annotated[Path, typer.Option(help="A mappings folder.")] = Path("mappings"),
) -> None:
    """Look at a delimited file and start a module for it, for a person to finish.

    Columns are matched with code lists by their values; what is not sure is left for you, and the module is refused until it is filled in.
    """
    gateway = Gateway()
    for path in propose_module(folder / name, file, gateway.dataflow(target), gateway.catalogue):
        line(f"wrote {path}")
    line(f"next: fill in the code tables, then sdmx-gateway mappings check {name}", "dim")
