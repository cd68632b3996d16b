"""``release``: publish, list, show, compare and verify releases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sdmx_gateway.cli.convert import Edition, Files, ModuleName, write_aside
from sdmx_gateway.cli.screen import Json, err, figure, line, print_json, show, table
from sdmx_gateway.errors import UnknownRelease, UsageError
from sdmx_gateway.gateway import Gateway, Waiver
from sdmx_gateway.releases import Release, summarise

app = typer.Typer(help="Immutable, numbered publications of a dataflow.", no_args_is_help=True)
FlowName = Annotated[str, typer.Argument(help="A dataflow: AGENCY:ID(VERSION), or its id alone.", metavar="DATAFLOW")]
Number = Annotated[int | None, typer.Argument(help="Release number; the latest by default.", metavar="[NUMBER]")]


@app.command()
def publish(
    module: ModuleName,
    files: Files = None,
    edition: Edition = None,
    by: Annotated[str | None, typer.Option(help="Who approves it.")] = None,
    waive: Annotated[
        str | None, typer.Option(help="Reason to release in spite of errors; --by must say who takes it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Convert, validate and release one edition. Unchanged content makes no new release."""
    if waive and not by:
        raise UsageError("a waiver needs a name", remedy="add --by NAME")
    gateway = Gateway()
    with err.status(f"releasing {module}"):
        conversion = gateway.convert(module, files or (), edition=edition)
        report = gateway.validate(conversion.dataset)
        waiver = Waiver(by, waive) if by and waive else None
        release, is_new = gateway.publish(conversion, report, actor=by, waiver=waiver)
    show(
        {"release": release, "new": is_new},
        as_json=as_json,
        text=lambda: line(
            f"✓ {release} · {figure(release.observations)} observations" + ("" if is_new else " · unchanged"), "green"
        ),
    )


@app.command("list")
def list_releases(
    dataflow: Annotated[str | None, typer.Argument(help="Only this dataflow.")] = None, as_json: Json = False
) -> None:
    """List releases, newest first."""
    gateway = Gateway()
    urn = gateway.dataflow(dataflow).urn if dataflow else None
    releases = sorted(gateway.store.history(urn), key=lambda r: (r.published_at, r.number), reverse=True)
    show(releases, as_json=as_json, text=lambda: _list(releases))


def _list(releases: list[Release]) -> None:
    if not releases:
        line("nothing is released yet: sdmx-gateway run")
        return
    table(
        ("dataflow", "release", "edition", "published", "observations", "revised", "added", "withdrawn"),
        [
            (
                r.dataflow.short,
                r.number,
                r.edition,
                f"{r.published_at:%Y-%m-%d %H:%M}",
                figure(r.observations),
                figure(r.changes.get("revised", 0)),
                figure(r.changes.get("added", 0)),
                figure(r.changes.get("withdrawn", 0)),
            )
            for r in releases
        ],
        right=("release", "observations", "revised", "added", "withdrawn"),
    )


def _chosen(gateway: Gateway, dataflow: str, number: int | None) -> Release:
    urn = gateway.dataflow(dataflow).urn
    if number is not None:
        return gateway.store.get(urn, number)
    latest = gateway.store.latest(urn, embargoed=True)
    if latest is None:
        raise UnknownRelease(f"{urn.short} has no release", remedy="sdmx-gateway run")
    return latest


@app.command("show")
def show_release(
    dataflow: FlowName,
    number: Number = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write its observations there.")] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="Format of --output.")] = "sdmx-csv-2.0",
    as_json: Json = False,
) -> None:
    """Say where a release came from, what it left out and what was found in it."""
    gateway = Gateway()
    release = _chosen(gateway, dataflow, number)
    document = gateway.release_document(release)
    if output is not None:
        write_aside(gateway, gateway.dataset(release), form, output)
    if as_json:
        print_json(document)
        return
    line(f"{release}  edition {release.edition or '–'}  {figure(release.observations)} observations", "bold")
    line(f"  published {release.published_at:%Y-%m-%d %H:%M} UTC, approved by {release.approved_by}")
    for source in document["provenance"]["sources"]:
        line(f"  from   {source['name']}  {figure(source['rows'])} rows  sha256 {source['sha256'][:12]}…")
    for item in document["provenance"]["left_out"]:
        line(f"  left   {item['what']}  {figure(item['rows'])} rows · {item['because']}", "dim")
    line(f"  since the release before: {', '.join(f'{n} {c}' for c, n in release.changes.items())}")


@app.command()
def diff(
    dataflow: FlowName,
    before: Annotated[int, typer.Argument(help="Release number.")],
    after: Annotated[int, typer.Argument(help="Release number.")],
    by: Annotated[str | None, typer.Option(help="Sum up by this dimension.")] = None,
    limit: Annotated[int, typer.Option(help="How many single changes to print.")] = 40,
    as_json: Json = False,
) -> None:
    """What changed between two releases: each figure, or summed up by a dimension.

    sdmx-gateway release diff CRIME_TERRITORY 1 2 --by OFFENCE
    """
    gateway = Gateway()
    urn = gateway.dataflow(dataflow).urn
    changes = gateway.differences(urn, before, after)
    structure = gateway.structure_of(gateway.store.get(urn, after))[1]
    if by is not None and by not in structure.key_dimensions:
        raise UsageError(
            f"{by!r} is no dimension of {urn.short}", remedy=f"one of {', '.join(structure.key_dimensions)}"
        )
    frame = summarise(changes, by, structure.measures[0].id) if by else changes.changes
    if as_json:
        print_json({"summary": changes.summary, "changes": frame.to_dicts()})
        return
    line(f"{urn.short}: " + ", ".join(f"{figure(n)} {c}" for c, n in changes.summary.items()), "bold")
    table(frame.columns, frame.head(limit).rows())
    if frame.height > limit:
        line(f"and {figure(frame.height - limit)} more: --limit, or --json", "dim")


@app.command()
def verify(
    dataflow: Annotated[str | None, typer.Argument(help="Only this dataflow.")] = None, as_json: Json = False
) -> None:
    """Read every stored byte again and compare with what was recorded. Exit code 3 when one differs."""
    gateway = Gateway()
    releases = gateway.store.history(gateway.dataflow(dataflow).urn if dataflow else None)
    for release in releases:
        gateway.store.verify(release)
    show(
        {"verified": len(releases)},
        as_json=as_json,
        text=lambda: line(f"✓ {len(releases)} releases are as recorded", "green"),
    )
