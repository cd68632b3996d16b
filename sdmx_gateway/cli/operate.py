"""``run``, ``serve``, ``work`` and ``doctor``: what the operator does."""

from __future__ import annotations

import platform
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from sdmx_gateway import __version__
from sdmx_gateway.cli.screen import Json, err, figure, line, percent, print_json, table
from sdmx_gateway.cycle import DeliveryOutcome, EditionOutcome, deliver_due, run_modules
from sdmx_gateway.errors import GatewayError
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import Settings

LOCAL = frozenset({"outbox"})
"""Channels that stay on this machine."""
MOST_LEFT_OUT = 2


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("run")(run)
    app.command("serve")(serve)
    app.command("work")(work)
    app.command("doctor")(doctor)


def run(
    deliver: Annotated[bool, typer.Option(help="Deliver what is due to the local outbox.")] = True,
    as_json: Json = False,
) -> None:
    """One whole cycle: convert, validate and release every module's files, then deliver what is due to the local outbox.

    Run again, nothing new is released or sent. Nothing leaves this machine.
    """
    started = time.monotonic()
    gateway = Gateway()
    editions = _run_modules(gateway, quiet=as_json)
    refused = [outcome for outcome in editions if outcome.outcome == "refused"]
    deliveries = list(deliver_due(gateway, channels=LOCAL)) if deliver else []
    if as_json:
        print_json({"editions": editions, "deliveries": deliveries, "seconds": round(time.monotonic() - started, 2)})
    else:
        _tell_deliveries(deliveries, gateway.settings)
        _tell_end(gateway, refused, time.monotonic() - started)
    if refused:
        raise typer.Exit(1 if all(outcome.errors for outcome in refused) else 2)


def _run_modules(gateway: Gateway, *, quiet: bool) -> list[EditionOutcome]:
    begun = time.monotonic()
    count = len(gateway.catalogue)
    problems = gateway.catalogue.check()
    if not quiet:
        state = f"{len(problems)} problems: sdmx-gateway structures check" if problems else "no problem"
        line(f"✓ structures  {figure(count)} artefacts · {state}  {time.monotonic() - begun:.1f} s", "green")
    outcomes = []
    with err.status("reading") as status:
        for outcome in run_modules(gateway, lambda module, edition: status.update(f"{module} {edition}")):
            outcomes.append(outcome)
            if not quiet:
                _tell_edition(outcome)
    return outcomes


def _tell_edition(outcome: EditionOutcome) -> None:
    if outcome.outcome == "refused":
        line(f"✗ {outcome.module}  {outcome.edition}  refused", "red")
        for number, problem in enumerate(outcome.problems, 1):
            line(f"  {number}  {problem}")
        return
    assert outcome.release is not None
    left = f" · left out {figure(sum(item['rows'] for item in outcome.left_out))}" if outcome.left_out else ""
    fit = " · ".join(
        f"{relation} {percent(part)}" for relation, part in outcome.coverage.items() if relation != "exact" or part < 1
    )
    line(
        f"{'✓' if outcome.outcome == 'released' else '='} {outcome.module:<34} {outcome.edition:<13} "
        f"{figure(outcome.rows):>11} rows → {figure(outcome.observations):>9} obs{left}"
        f"  {outcome.errors} errors  {outcome.warnings} warnings  release {outcome.release.number} {outcome.outcome}"
        + (f" · {fit}" if fit else ""),
        None if outcome.outcome == "released" else "dim",
    )
    heaviest = sorted(outcome.left_out, key=lambda item: -(item["share"] or 0.0))
    for item in heaviest[:MOST_LEFT_OUT]:
        line(
            f"    left out  {item['what'][:60]} · {figure(item['rows'])} rows · {percent(item['share'])} · {item['because'][:110]}",
            "dim",
        )
    if len(heaviest) > MOST_LEFT_OUT:
        rest = len(heaviest) - MOST_LEFT_OUT
        line(
            f"    and {rest} more left out, each with its reason: sdmx-gateway release show {outcome.release.dataflow.id}",
            "dim",
        )


def _tell_deliveries(deliveries: list[DeliveryOutcome], settings: Settings) -> None:
    sent = [outcome for outcome in deliveries if outcome.delivery is not None]
    for outcome in sent:
        assert outcome.delivery is not None
        receipt = outcome.delivery.receipt
        digest = receipt.sha256[:8] if receipt else "none yet"
        line(f"✓ outbox  {outcome.destination}  {outcome.delivery.version or ''}  receipt {digest}…", "green")
    for outcome in deliveries:
        if outcome.delivery is None:
            late = f"{-outcome.due.days_left} d late" if outcome.due.late else f"in {outcome.due.days_left} d"
            line(
                f"  due     {outcome.due.obligation.id} {outcome.due.period}  {late}  {outcome.waits}",
                "yellow" if outcome.due.late else "dim",
            )
    if sent and not settings.second_person:
        line(
            "Approved by one person, as configured (second_person = false): set it to true before anything is sent for real.",
            "yellow",
        )


def _tell_end(gateway: Gateway, refused: list[EditionOutcome], seconds: float) -> None:
    releases = len(gateway.store.history())
    sent = len(gateway.transmissions.deliveries())
    line(
        f"{figure(releases)} releases and {figure(sent)} deliveries in {gateway.settings.home}  ·  {seconds:.1f} s",
        "bold",
    )
    line(
        f"Nothing was sent outside this machine. Next: make serve → {address(gateway.settings)}  ·  sdmx-gateway transmit due"
    )
    if refused:
        line(f"{len(refused)} editions were refused; nothing of them was written.", "red")


def address(settings: Settings) -> str:
    """Where the service answers."""
    return settings.base_url or f"http://{settings.host}:{settings.port}"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve what is released: SDMX REST at /sdmx/v2 and /sdmx/v1, and a page at /."""
    from sdmx_gateway.web import serve as serve_web  # noqa: PLC0415 - the server is loaded by this command only

    settings = Gateway().settings
    settings = settings.model_copy(update={k: v for k, v in (("host", host), ("port", port)) if v is not None})
    line(f"serving at {address(settings)} · stop with Ctrl-C", "bold")
    serve_web(partial(Gateway, settings), host=settings.host, port=settings.port)


def work(
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    every: Annotated[int, typer.Option(help="Seconds between rounds.", min=1)] = 300,
    as_json: Json = False,
) -> None:
    """Look at what is due again and again: prepare and deliver what one person may, by the local outbox; say what waits."""
    while True:
        gateway = Gateway()
        deliveries = list(deliver_due(gateway, channels=LOCAL))
        if as_json:
            print_json(deliveries)
        else:
            line(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", "bold")
            _tell_deliveries(deliveries, gateway.settings)
        if once:
            return
        time.sleep(every)


def doctor(as_json: Json = False) -> None:
    """Check the installation: folders, database, structures, modules, stored releases, ledger. Exit code 3 when something is wrong."""
    gateway = Gateway()
    checks: list[tuple[str, Callable[[], str]]] = [
        (
            "versions",
            lambda: f"sdmx-gateway {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        ),
        ("home is writable", lambda: _writable(gateway.settings.home)),
        ("structures", lambda: f"{len(gateway.catalogue)} artefacts, {len(gateway.catalogue.check())} problems"),
        ("modules", lambda: f"{len(gateway.modules)} modules, {len(gateway.check_modules())} problems"),
        ("rules", lambda: f"{sum(map(len, gateway.rules.values()))} rules, {len(gateway.check_rules())} problems"),
        ("releases", lambda: _verified(gateway)),
        ("ledger", lambda: f"{gateway.transmissions.ledger.verify().seq} entries, the chain holds"),
    ]
    results: list[dict[str, Any]] = []
    for name, look in checks:
        try:
            results.append({"check": name, "ok": True, "found": look()})
        except (GatewayError, OSError) as error:
            results.append({"check": name, "ok": False, "found": str(error)})
    if as_json:
        print_json(results)
    else:
        table(("", "check", "found"), [("✓" if r["ok"] else "✗", r["check"], r["found"]) for r in results])
    if not all(r["ok"] for r in results):
        raise typer.Exit(3)


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".doctor"
    probe.write_bytes(b"")
    probe.unlink()
    return str(folder.resolve())


def _verified(gateway: Gateway) -> str:
    releases = gateway.store.history()
    for release in releases:
        gateway.store.verify(release)
    return f"{len(releases)} releases, every byte as recorded"
