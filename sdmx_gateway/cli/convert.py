"""``convert`` and ``validate``: look at what a file would become; nothing is released."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sdmx_gateway.cli.screen import Json, err, figure, line, percent, print_json, table
from sdmx_gateway.formats import FORMATS, FORMS, format_named
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping import Conversion
from sdmx_gateway.observations import Dataset
from sdmx_gateway.validation import Report, Severity, ess, page

ModuleName = Annotated[str, typer.Argument(help="A mapping module: group/module, or module alone.", metavar="MODULE")]
Files = Annotated[
    list[Path] | None, typer.Argument(help="Source files; the module's sample when none is named.", metavar="[FILE]...")
]
Edition = Annotated[str | None, typer.Option(help="Which edition, when there are several; the newest by default.")]
MOST_FINDINGS = 20


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("convert")(convert)
    app.command("validate")(validate)


def convert(
    module: ModuleName,
    files: Files = None,
    edition: Edition = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the dataset there; otherwise it is only tried.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help=f"One of {', '.join((*FORMATS, *FORMS))}.")
    ] = "sdmx-ml-3.0",
    as_json: Json = False,
) -> None:
    """Convert one edition of a module's source, and say what it becomes.

    Without --output nothing is written: a dry run that tells every problem at once.

      sdmx-gateway convert recorded_crime_territory
      sdmx-gateway convert recorded_crime_territory donnee-dep-2026.csv -o crime.xml -f sdmx-ml-3.0
    """
    gateway = Gateway()
    chosen = format_named(form)
    with err.status(f"converting {module}"):
        conversion = gateway.convert(module, files or (), edition=edition)
    if output is not None:
        write_aside(gateway, conversion.dataset, chosen.name, output)
    if as_json:
        print_json(_summary(conversion, output))
    else:
        _tell(conversion, output)


def write_aside(gateway: Gateway, dataset: Dataset, form: str, output: Path) -> None:
    """Write a message so that the file is there whole or not at all."""
    aside = output.with_name(f".{output.name}.part")
    try:
        with aside.open("wb") as sink:
            gateway.write(dataset, form, sink)
        aside.replace(output)
    finally:
        aside.unlink(missing_ok=True)


def _summary(conversion: Conversion, output: Path | None) -> dict[str, Any]:
    return {
        "module": conversion.module.name,
        "edition": conversion.edition,
        "sources": [
            {"name": t.name, "sha256": t.sha256, "rows": t.frame.height, "edition": t.edition}
            for t in conversion.tables
        ],
        "dataflow": conversion.dataset.dataflow.urn.short,
        "observations": len(conversion.dataset),
        "periods": conversion.dataset.periods[:1] + conversion.dataset.periods[-1:],
        "left_out": [item.as_dict() for item in conversion.left_out],
        "output": output,
    }


def _tell(conversion: Conversion, output: Path | None) -> None:
    dataset = conversion.dataset
    for source in conversion.tables:
        line(f"  read   {source.name}  {figure(source.frame.height)} rows  edition {source.edition or '–'}")
    for item in conversion.left_out:
        line(f"  left   {item.what}  {figure(item.rows)} rows · {percent(item.share)} · {item.because}", "dim")
    periods = dataset.periods
    span = f"{periods[0]} to {periods[-1]}" if periods else "no period"
    line(f"✓ {dataset.dataflow.urn.short}  {figure(len(dataset))} observations, {span}", "green")
    line(f"  wrote  {output}" if output else "  nothing was written (--output FILE writes it)", "dim")


def validate(
    target: Annotated[
        str, typer.Argument(help="A module (its source is converted first) or a dataflow (its latest release).")
    ],
    files: Files = None,
    edition: Edition = None,
    report: Annotated[
        Path | None, typer.Option(help="Write the report as a page (.html) or in the ESS form (.json).")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the page: fr or en.")] = "fr",
    as_json: Json = False,
) -> None:
    """Check a module's observations, or the latest release of a dataflow, and report the findings.

    Exit code 1 when a finding is an error.
    """
    gateway = Gateway()
    with err.status(f"validating {target}"):
        dataset = _dataset(gateway, target, files or [], edition)
        findings = gateway.validate(dataset)
    if report is not None:
        text = (
            page.write(findings, gateway.catalogue, language=language)
            if report.suffix == ".html"
            else ess.write(findings)
        )
        report.write_text(text, encoding="utf-8")
    if as_json:
        print_json(findings.as_dict())
    else:
        tell_findings(findings)
    raise typer.Exit(1 if findings.blocking else 0)


def _dataset(gateway: Gateway, target: str, files: list[Path], edition: str | None) -> Dataset:
    if any(target in (name, name.split("/")[1]) for name in gateway.modules):
        return gateway.convert(target, files, edition=edition).dataset
    dataflow = gateway.dataflow(target)
    releases = gateway.store.history(dataflow.urn)
    if not releases:
        return gateway.convert(target, files, edition=edition).dataset
    return gateway.dataset(max(releases, key=lambda r: r.number))


def tell_findings(report: Report) -> None:
    """Print a report: the counts, then the worst findings."""
    counts = f"{report.errors} errors, {report.warnings} warnings, {report.infos} remarks"
    line(f"{'✗' if report.blocking else '✓'} {report.dataflow.short}  {counts}", "red" if report.blocking else "green")
    shown = [f for f in report.findings if f.severity is not Severity.INFO][:MOST_FINDINGS]
    table(
        ("severity", "rule", "where", "finding", "count"),
        [(f.severity.value, f.rule, str(f.where), f.message, figure(f.count)) for f in shown],
        right=("count",),
    )
    rest = report.errors + report.warnings - len(shown)
    if rest > 0:
        line(f"and {rest} more: --json, or --report report.html", "dim")
