"""``structures``: list, show, export, import and check the structural artefacts."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Annotated

import typer

from sdmx_gateway.cli.screen import Json, err, figure, line, print_json, show, table
from sdmx_gateway.errors import StructureError, UnknownArtefact, UsageError
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.structures import Catalogue, Kind, read_structures_reporting, write_structures
from sdmx_gateway.structures.model import Artefact, Codelist, Dataflow, DataStructure, ItemScheme

app = typer.Typer(help="Code lists, concepts, data structures and dataflows.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="AGENCY:ID(VERSION), or an id alone.", metavar="ARTEFACT")]
KIND_HELP = f"Only this kind: {', '.join(kind.value for kind in Kind)}."


def _kind(text: str | None) -> Kind | None:
    if text is None:
        return None
    found = next((kind for kind in Kind if kind.value.lower() == text.lower()), None)
    if found is None:
        raise UsageError(f"{text!r} is no kind of artefact", remedy=KIND_HELP)
    return found


def _named(catalogue: Catalogue, name: str) -> tuple[Artefact, ...]:
    """The artefacts of a name, of whichever kind."""
    agency, _, rest = name.rpartition(":")
    ident, _, version = rest.partition("(")
    found = catalogue.find(agency=agency or "*", id=ident, version=version.rstrip(")") or "latest")
    if not found:
        raise UnknownArtefact(f"no artefact is called {name!r}", remedy="sdmx-gateway structures list")
    return found


@app.command("list")
def list_artefacts(
    kind: Annotated[str | None, typer.Option(help=KIND_HELP)] = None,
    agency: Annotated[str, typer.Option(help="Only this agency.")] = "*",
    as_json: Json = False,
) -> None:
    """List what is held."""
    held = Gateway().catalogue.find(_kind(kind), agency=agency)
    rows = [
        (a.KIND.value, a.urn.short, len(a) if isinstance(a, ItemScheme) else "", a.names.best("fr", "en") or "")
        for a in held
    ]
    show(
        [{"urn": str(a.urn), "kind": a.KIND.value, "names": a.names} for a in held],
        as_json=as_json,
        text=lambda: table(("kind", "artefact", "items", "name"), rows, right=("items",)),
    )


@app.command("show")
def show_artefact(name: Name, as_json: Json = False) -> None:
    """Show what an artefact holds: codes, components, or the structure of a dataflow."""
    catalogue = Gateway().catalogue
    found = _named(catalogue, name)
    if as_json:
        print_json(found)
        return
    for artefact in found:
        line(f"{artefact.KIND.value} {artefact.urn.short}  {artefact.names.best('fr', 'en') or ''}", "bold")
        structure = catalogue.structure_of(artefact) if isinstance(artefact, Dataflow) else artefact
        if isinstance(structure, DataStructure):
            _show_structure(catalogue, structure)
        elif isinstance(structure, ItemScheme):
            table(
                ("id", "parent", "fr", "en"),
                [(i.id, i.parent, i.names.best("fr"), i.names.best("en")) for i in structure.items],
            )


def _show_structure(catalogue: Catalogue, structure: DataStructure) -> None:
    roles = {**{d.id: "dimension" for d in structure.dimensions}, **{m.id: "measure" for m in structure.measures}}
    rows = []
    for ident, component in structure.components.items():
        codelist: Codelist | None = catalogue.codelist_of(component)
        values = (
            f"{codelist.urn.short}, {len(codelist)} codes" if codelist else component.representation.data_type.value
        )
        rows.append((ident, roles.get(ident, "attribute"), values, component.concept.short))
    table(("component", "role", "values", "concept"), rows)


@app.command()
def export(
    name: Annotated[
        str | None, typer.Argument(help="One artefact with what it refers to; everything when none is named.")
    ] = None,
    version: Annotated[str, typer.Option("--sdmx", help="SDMX-ML version: 2.1, 3.0 or 3.1.")] = "3.0",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")
    ] = None,
) -> None:
    """Write structures as an SDMX-ML message any SDMX tool loads."""
    gateway = Gateway()
    catalogue = gateway.catalogue
    chosen: list[Artefact] = list(catalogue)
    if name is not None:
        named = _named(catalogue, name)
        chosen = list({a.urn: a for n in named for a in (n, *catalogue.descendants(n))}.values())
    message = write_structures(chosen, version, gateway.header())
    if output is None:
        sys.stdout.buffer.write(message)
    else:
        output.write_bytes(message)
        err.print(f"✓ {len(chosen)} artefacts in {output}")


@app.command("import")
def import_structures(
    source: Annotated[
        str,
        typer.Argument(
            help="A structure message (.xml, .xml.gz), or SERVICE/DATAFLOW of a service sdmx1 knows, e.g. ESTAT/NAMA_10_GDP."
        ),
    ],
    folder: Annotated[Path, typer.Option(help="A dsd folder to keep it in, under AGENCY/foreign/.")],
    as_json: Json = False,
) -> None:
    """Keep another agency's structures, as published, after reading them whole."""
    path = Path(source)
    data = path.read_bytes() if path.exists() else _from_service(source)
    plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    artefacts, remarks = read_structures_reporting(plain)
    if not artefacts:
        raise StructureError(f"{source} holds no artefact that can be kept", why="; ".join(p.what for p in remarks))
    name = path.name.removesuffix(".gz") if path.exists() else f"{source.replace('/', '_')}.xml"
    target = folder / artefacts[0].agency / "foreign" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(plain)
    show(
        {"file": target, "artefacts": [str(a.urn) for a in artefacts], "remarks": remarks},
        as_json=as_json,
        text=lambda: line(f"✓ {figure(len(artefacts))} artefacts kept in {target}, {len(remarks)} remarks", "green"),
    )
    if not as_json:
        for remark in remarks:
            line(f"  {remark}", "dim")


def _from_service(name: str) -> bytes:
    from sdmx_gateway.sources.service import fetch_structures  # noqa: PLC0415 - sdmx1 takes a second to load

    return fetch_structures(name)


@app.command()
def check(as_json: Json = False) -> None:
    """Check that every reference is held, every parent exists, every rule and module names real codes."""
    gateway = Gateway()
    problems = [*gateway.catalogue.check(), *gateway.check_rules(), *gateway.check_modules()]
    if as_json:
        print_json(problems)
    elif problems:
        for number, problem in enumerate(problems, 1):
            line(f"{number:>3}  {problem}")
    else:
        line(f"✓ {figure(len(gateway.catalogue))} artefacts, {len(gateway.modules)} modules, no problem", "green")
    raise typer.Exit(2 if problems else 0)
