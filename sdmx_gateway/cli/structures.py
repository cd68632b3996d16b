"""``structures``: list, show, export, import, compare and check the structural artefacts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from sdmx_gateway.cli.offences import import_offences
from sdmx_gateway.cli.screen import Json, err, figure, line, plain, print_json, show, table
from sdmx_gateway.cli.structure_export import account, default_form, lines, refuse, refuse_any_loss, whole
from sdmx_gateway.cli.structure_screens import Screen
from sdmx_gateway.cli.structure_sources import (
    KIND_HELP,
    NAME_HELP,
    as_held,
    held_under,
    kind_of,
    message_at,
    structures_at,
)
from sdmx_gateway.errors import StructureError, UsageError
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.structures import (
    Catalogue,
    read_structures,
    read_structures_reporting,
    write_structures,
)
from sdmx_gateway.structures.codec.form import form_named
from sdmx_gateway.structures.comparison.change import told
from sdmx_gateway.structures.comparison.difference import Difference, differences
from sdmx_gateway.structures.comparison.immutability import clash, violations
from sdmx_gateway.structures.model import Artefact, ItemScheme, ValueList
from sdmx_gateway.structures.sayable import write_sayable

app = typer.Typer(
    help="Structures of every kind: code lists, concepts, data structures, flows, constraints, hierarchies, maps, categories…",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help=NAME_HELP, metavar="ARTEFACT")]
_LIMIT: Final = 60
_FORMATS: Final = "sdmx-ml-2.1, sdmx-ml-3.0, sdmx-ml-3.1, sdmx-json-1.0, sdmx-json-2.0 or sdmx-json-2.1"
_XML_FOR_JSON: Final = {"1.0": "sdmx-ml-2.1", "2.0": "sdmx-ml-3.0", "2.1": "sdmx-ml-3.1"}


class Language(StrEnum):
    """The languages changes are told in."""

    FR = "fr"
    EN = "en"


@app.command("list")
def list_artefacts(
    kind: Annotated[str | None, typer.Option(help=KIND_HELP)] = None,
    agency: Annotated[str, typer.Option(help="Only this agency, or several separated by commas.")] = "*",
    as_json: Json = False,
) -> None:
    """List what is held. Narrow it with --kind Hierarchy, --agency FR_SSMSI; then: structures show NAME."""
    held = Gateway().catalogue.find(kind_of(kind), agency=agency)
    rows = [(a.KIND.value, a.urn.short, _size(a), a.names.best("fr", "en") or "") for a in held]
    show(
        [{"urn": str(a.urn), "kind": a.KIND.value, "names": a.names} for a in held],
        as_json=as_json,
        text=lambda: table(("kind", "artefact", "items", "name"), rows, right=("items",)),
    )


def _size(artefact: Artefact) -> int | str:
    return len(artefact.items) if isinstance(artefact, ItemScheme | ValueList) else ""


@app.command("show")
def show_artefact(
    name: Name,
    limit: Annotated[int, typer.Option(help="Rows printed of each list or tree at most; 0 prints all.")] = _LIMIT,
    as_json: Json = False,
) -> None:
    """Show what an artefact holds: codes, components, a hierarchy or a category tree, a constraint's content, a map's rows.

    Of a dataflow its structure is shown, with how many codes its constraints leave. Several artefacts of one name are shown one after
    the other; write Codelist=NAME for one kind.
    """
    catalogue = Gateway().catalogue
    found = held_under(catalogue, name)
    if as_json:
        print_json(found)
        return
    screen = Screen(catalogue, limit)
    for artefact in found:
        screen.artefact(artefact)


@app.command()
def export(
    name: Annotated[
        str | None,
        typer.Argument(
            help=f"One artefact with what it refers to, or all of an agency (FR_SSMSI:*); everything when none is named. {NAME_HELP}",
            metavar="[ARTEFACT]",
        ),
    ] = None,
    format_name: Annotated[str | None, typer.Option("--format", "-f", help=f"One of {_FORMATS}.")] = None,
    version: Annotated[str | None, typer.Option("--sdmx", help="The same for SDMX-ML: 2.1, 3.0 or 3.1.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")
    ] = None,
    whole_lists: Annotated[
        bool,
        typer.Option(
            "--whole-lists",
            help="Give lists that extend others with every code they have, for tools that cannot follow extensions (SDMX 2.1 has none).",
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Write nothing, and end with 2, if the format says less than the structures do."),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Tell what became of each artefact as JSON; on standard error while the message goes to standard output.",
        ),
    ] = False,
) -> None:
    """Write structures as a message any SDMX tool loads, by default SDMX-ML 3.0 (into a .json file SDMX-JSON 2.0).

    What another generation of SDMX calls otherwise is translated. On standard error stands what was translated, and of each artefact
    what is not said any more; what the format cannot say at all is left out and named with the reason, and refused if it was asked
    for by its name. An export kept today is what tomorrow's structures are compared with: structures check --since FILE.

    For instance: structures export --sdmx 2.1 -o all.xml · structures export CRIME_TERRITORY -o crime.json
    """
    if format_name is not None and version is not None:
        raise UsageError("--format and --sdmx say the same", remedy="give one of them")
    gateway = Gateway()
    catalogue = gateway.catalogue
    form = form_named(format_name or version or default_form(output))
    named = () if name is None else held_under(catalogue, name)
    chosen = _with_references(catalogue, named) if named else tuple(catalogue)
    given, notes = whole(chosen, catalogue) if whole_lists else (chosen, ())
    said = write_sayable(given, form, gateway.header())
    said = replace(said, notes=(*notes, *said.notes))
    refuse(said, form, [artefact.urn for artefact in named])
    if strict:
        refuse_any_loss(said, form)
    if output is None:
        sys.stdout.buffer.write(said.message)
    else:
        output.write_bytes(said.message)
    if as_json:
        stream = sys.stderr if output is None else sys.stdout
        stream.write(json.dumps(plain(account(said, form, output)), ensure_ascii=False, indent=2) + "\n")
    else:
        for told_of in lines(said, form, output):
            err.print(told_of, markup=False)


def _with_references(catalogue: Catalogue, named: Iterable[Artefact]) -> tuple[Artefact, ...]:
    return tuple({a.urn: a for n in named for a in (n, *catalogue.descendants(n))}.values())


@app.command("import")
def import_structures(
    source: Annotated[
        str,
        typer.Argument(
            help="A structure message (.xml, .json, either .gz), or SERVICE/DATAFLOW of a service sdmx1 knows, e.g. ESTAT/NAMA_10_GDP."
        ),
    ],
    folder: Annotated[Path, typer.Option(help="A dsd folder to keep it in, under AGENCY/foreign/.")],
    as_json: Json = False,
) -> None:
    """Keep another agency's structures, as published, after reading them whole; SDMX-JSON is kept as SDMX-ML.

    Refused is a message that says something else under a name that is held, unless it replaces the file that said it:
    a stable version (1.0.0) or a final one never changes, and you are told what changed and which version would have been right.
    """
    gateway = Gateway()
    data, name = message_at(source)
    artefacts, remarks = read_structures_reporting(data)
    if not artefacts:
        raise StructureError(f"{source} holds no artefact that can be kept", why="; ".join(p.what for p in remarks))
    target = folder / artefacts[0].agency / "foreign" / name
    if name.endswith(".json"):
        target = target.with_suffix(".xml")
        data = write_structures(artefacts, _as_xml(data), gateway.header())
    _refuse_changes(gateway.catalogue, artefacts, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    coming = target.with_name(f"{target.name}.coming")  # no suffix a folder is loaded by
    coming.write_bytes(data)
    coming.replace(target)
    show(
        {"file": target, "artefacts": [str(a.urn) for a in artefacts], "remarks": remarks},
        as_json=as_json,
        text=lambda: line(f"✓ {figure(len(artefacts))} artefacts kept in {target}, {len(remarks)} remarks", "green"),
    )
    if not as_json:
        for remark in remarks:
            line(f"  {remark}", "dim")


def _as_xml(message: bytes) -> str:
    """The SDMX-ML that says what an SDMX-JSON message does."""
    head = message[:2_000].decode("utf-8", "replace")
    found = next(
        (xml for version, xml in _XML_FOR_JSON.items() if f"/{version}" in head or f"/{version}.0" in head), ""
    )
    return found or "sdmx-ml-3.0"


def _refuse_changes(catalogue: Catalogue, artefacts: Iterable[Artefact], target: Path) -> None:
    """Return if nothing held says something else under the same name, but in the file that is replaced."""
    coming = {artefact.urn: artefact for artefact in artefacts}
    replaced = {a.urn for a in read_structures(target.read_bytes())} if target.exists() else set()
    problems = violations((held for held in catalogue if held.urn in coming), coming.values())
    frozen = {problem.where.key for problem in problems if problem.code == "changed-stable"}
    pairs = [
        (held, coming[held.urn])
        for held in catalogue
        if held.urn in coming and held != coming[held.urn] and (str(held.urn) in frozen or held.urn not in replaced)
    ]
    if pairs:
        raise clash(pairs)


app.command("import-offences")(import_offences)


@app.command()
def diff(
    old: Annotated[
        str, typer.Argument(help="A message, a folder, or the name of an artefact that is held: CL_AREA(1.0).")
    ],
    new: Annotated[
        str, typer.Argument(help="The same; of an artefact that is held its other version alone is enough: 2.0.")
    ],
    language: Annotated[Language, typer.Option("--lang", help="The language changes are told in.")] = Language.EN,
    as_json: Json = False,
) -> None:
    """Tell in words what changed: added, removed, renamed, moved, attached otherwise, and how much.

    MAJOR takes something away or breaks, MINOR adds, PATCH changes words only (SDMX 3.0 semantic versioning); from that follows the
    version the new artefact should have. Two messages or folders are compared artefact by artefact.

    For instance: structures diff 'CL_AREA(1.0)' 2.0 · structures diff yesterday.xml dsd
    """
    catalogue = Gateway().catalogue
    found = differences(_side(catalogue, old), _side(catalogue, new, like=old))
    if as_json:
        print_json(found)
        return
    for difference in found:
        _print_difference(difference, language.value)
    if not found:
        line("✓ no difference", "green")


def _side(catalogue: Catalogue, text: str, *, like: str = "") -> tuple[Artefact, ...]:
    """One side of a comparison: what is at a path, else what is held under a name."""
    path = Path(text)
    if path.exists():
        return structures_at(path)
    if like and text[:1].isdigit() and not Path(like).exists():
        return held_under(catalogue, f"{like.partition('(')[0]}({text})")
    return held_under(catalogue, text)


def _print_difference(difference: Difference, language: str) -> None:
    old, new = difference.old, difference.new
    if old is None or new is None:
        artefact = new or old
        assert artefact is not None
        line(f"{'+' if old is None else '-'} {artefact.KIND.value} {artefact.urn.short}", "bold")
        return
    step = new.urn.short if old.version == new.version else f"{old.urn.short} → {new.version}"
    asked = f"  {difference.level.name}: {difference.wanted} after {old.version}" if difference.level else ""
    line(f"~ {new.KIND.value} {step}{asked}", "bold")
    for level, text in told(difference.changes, language):
        line(f"    {level.name:<5}  {text}")


@app.command()
def check(
    since: Annotated[
        Path | None,
        typer.Option(
            help="An earlier export (.xml, .json, .gz) or dsd folder: what was stable there must not have changed or gone since."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that everything holds together: references, codes, parents, constraints, hierarchies, maps, rules and modules.

    With --since it is also checked that nothing published for good has changed: of each breach you are told what changed, and the version
    number that the change needs. Ends with 2 when there is a problem.
    """
    gateway = Gateway()
    held = gateway.catalogue
    problems = [*held.check(), *gateway.check_rules(), *gateway.check_modules()]
    if since is not None:
        problems += violations(as_held(structures_at(since), held), held)
    if as_json:
        print_json(problems)
    elif problems:
        for number, problem in enumerate(problems, 1):
            line(f"{number:>3}  {problem}")
    else:
        compared = f", none changed for good since {since}" if since else ""
        line(f"✓ {figure(len(held))} artefacts, {len(gateway.modules)} modules, no problem{compared}", "green")
    raise typer.Exit(2 if problems else 0)
