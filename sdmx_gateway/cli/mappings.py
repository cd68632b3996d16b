"""``mappings``: list, show, check, explain and export the mapping modules, and start a new one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from sdmx_gateway.cli.convert import Edition, ModuleName
from sdmx_gateway.cli.screen import Json, err, figure, line, percent, print_json, show, table
from sdmx_gateway.errors import GatewayError, Problem
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping import (
    Contribution,
    Explanation,
    import_module,
    mapping_schema,
    propose_module,
    structure_map,
)
from sdmx_gateway.mapping.convert import COVERAGE

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
    """How much of the source's total fits the target exactly, less well, or not at all, as a whole and by period.

    sdmx-gateway mappings coverage crim_gen_reg
    """
    conversion = Gateway().convert(module, edition=edition)
    whole = conversion.whole_coverage
    if as_json:
        print_json(
            {
                "shares": conversion.shares,
                "coverage": whole.to_dicts(),
                "left_out": conversion.left_out,
                "notes": conversion.notes,
            }
        )
        return
    line(f"{conversion.module.name}  edition {conversion.edition or '–'}", "bold")
    words = [word for word in COVERAGE if word in set(whole["relation"])]
    shares = {
        (period, word): part for period, word, part in whole.select("TIME_PERIOD", "relation", "share").iter_rows()
    }
    rows = whole.group_by("TIME_PERIOD", maintain_order=True).agg(pl.col("value").sum())
    table(
        ("period", *words, "total"),
        [
            (p or "not told", *(percent(shares.get((p, word))) for word in words), figure(_whole(t)))
            for p, t in rows.iter_rows()
        ],
        right=(*words, "total"),
    )
    line(f"of what is mapped: {', '.join(f'{word} {percent(part)}' for word, part in conversion.shares.items())}")
    for item in conversion.left_out:
        line(f"left out: {item.what}  {figure(item.rows)} rows · {percent(item.share)} · {item.because}", "dim")
    for note in conversion.notes:
        line(str(note), "yellow")


def _whole(total: float) -> float:
    return int(total) if total == int(total) else total


@app.command()
def explain(
    module: ModuleName,
    at: Annotated[str, typer.Option(help="Series key: codes joined by dots, in the order of the structure.")],
    period: Annotated[str, typer.Option(help="Reference period.")],
    limit: Annotated[int, typer.Option(help="How many source rows to show.")] = 10,
    as_json: Json = False,
) -> None:
    """The life of a figure: the rows behind it, the rules they went through, and what is behind those in turn, back to the file.

    sdmx-gateway mappings explain crim_gen_reg --at A.NR.ICCS0101.FR --period 2020
    """
    explanation = Gateway().explain(module, at, period)
    if as_json:
        print_json(explanation)
    else:
        _tell(explanation, limit)


def _tell(explanation: Explanation, limit: int, indent: str = "") -> None:
    line(
        f"{indent}{explanation.dataflow}  {explanation.key}  {explanation.period} = {figure(explanation.value)}", "bold"
    )
    line(f"{indent}  " + "  ".join(f"{name} {text}" for name, text in explanation.attributes.items()), "dim")
    if len(explanation.history) > 1:
        past = (
            f"{figure(p.value)} (release {p.release}{', ' + p.edition if p.edition else ''})"
            for p in explanation.history
        )
        line(f"{indent}  releases: {' → '.join(past)}", "dim")
    parts = explanation.contributions
    rows = f"{figure(len(parts))} row{'s' if len(parts) != 1 else ''}"
    over = f" over {', '.join(explanation.summed_over)}" if explanation.summed_over else ""
    how = f"sum of {rows}{over}" if over else rows
    line(f"{indent}└─ {how}, by {explanation.module}" + "".join(f" · {reason}" for reason in explanation.because))
    for part in parts[:limit]:
        _tell_part(part, limit, indent + "   ")
    if len(parts) > limit:
        line(f"{indent}      and {figure(len(parts) - limit)} more: --limit, or --json", "dim")


def _tell_part(part: Contribution, limit: int, indent: str) -> None:
    said = ", ".join(f"{name} {text!r}" for name, text in part.said.items())
    fit = part.relation + (f": {part.note}" if part.note else "")
    line(f"{indent}└─ {part.key} = {figure(part.value)}  {part.where}  ({said}) · {fit}")
    tables = [f"{step.component} {step.gives} by {step.rule}" for step in part.steps if ", line " in step.rule]
    if tables:
        line(f"{indent}   {'  '.join(tables)}", "dim")
    if part.origin is not None:
        _tell(part.origin, limit, indent + "   ")


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


@app.command("import")
def import_maps(
    name: Annotated[str, typer.Argument(help="group/module of the module to write.")],
    file: Annotated[
        Path, typer.Argument(help="A structure message with structure maps and their representation maps.")
    ],
    folder: Annotated[Path, typer.Option(help="A mappings folder.")] = Path("mappings"),
) -> None:
    """Write a module from structure maps: those of `mappings export` come back whole, of others what the standard can say.

    sdmx-gateway mappings import eurostat/crim_gen_reg map.xml
    """
    for path in import_module(file.read_bytes(), folder / name):
        line(f"wrote {path}")
    line(f"next: sdmx-gateway mappings check {name}", "dim")


@app.command()
def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")
    ] = None,
) -> None:
    """Write the JSON Schema of mapping.toml, with which an editor completes words and marks wrong ones.

    sdmx-gateway mappings schema -o mapping.schema.json
    """
    text = json.dumps(mapping_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


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
