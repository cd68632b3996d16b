"""``transmit`` and ``ledger``: what is owed, prepared, approved, sent, and the proof of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from sdmx_gateway.cli.screen import Json, figure, line, show, table
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.transmission import Delivery, Due, Plan, Receipt, Transmission

app = typer.Typer(help="Send what is owed to whom it is owed, once, and keep the proof.", no_args_is_help=True)
ledger = typer.Typer(help="The append-only record of every step of every transmission.", no_args_is_help=True)
Ident = Annotated[
    str, typer.Argument(help="A transmission's id, or the first 8 characters of it.", metavar="TRANSMISSION")
]
Actor = Annotated[str | None, typer.Option("--as", help="Who acts; the configured operator by default.")]


@app.command()
def due(
    everything: Annotated[bool, typer.Option("--all", help="Also what is settled.")] = False,
    as_json: Json = False,
) -> None:
    """What is owed and not settled, the first deadline first, with the one thing to do next."""
    lines = Gateway().due(settled=everything)
    show(lines, as_json=as_json, text=lambda: _due(lines))


def _due(lines: Sequence[Due]) -> None:
    if not lines:
        line("nothing is due", "green")
        return
    late = sum(d.late for d in lines)
    line(f"{len(lines)} due, {late} late", "red" if late else "bold")
    table(
        ("deadline", "in", "recipient", "dataflow", "period", "state", "next step", "obligation"),
        [
            (
                f"{d.deadline:%d %b %Y}",
                f"{d.days_left} d",
                d.obligation.recipient,
                d.obligation.dataflow.id,
                d.period,
                d.state.value,
                d.next_step,
                d.obligation.id,
            )
            for d in lines
        ],
        right=("in",),
    )


@app.command()
def prepare(
    obligation: Annotated[str, typer.Argument(help="An obligation: see transmit due.")],
    period: Annotated[str, typer.Argument(help="Reference period, e.g. 2024, 2024-Q1, 2024-09.")],
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """Write the file of one obligation for one period from the latest release, and keep it for approval."""
    transmission = Gateway().prepare(obligation, period, actor=actor)
    show(transmission, as_json=as_json, text=lambda: _tell(transmission, "approve"))


def _tell(transmission: Transmission, next_step: str) -> None:
    line(
        f"✓ {transmission.occurrence}  {transmission.state.value}  {figure(transmission.size)} bytes  {transmission.id[:8]}",
        "green",
    )
    line(f"  next: sdmx-gateway transmit {next_step} {transmission.id[:8]}", "dim")


@app.command()
def approve(
    transmission: Ident,
    actor: Actor = None,
    reason: Annotated[str, typer.Option(help="Kept in the ledger.")] = "",
    as_json: Json = False,
) -> None:
    """Allow a prepared transmission to be sent. With second_person set, by another person than who prepared it."""
    approved = Gateway().approve(transmission, actor=actor, reason=reason)
    show(approved, as_json=as_json, text=lambda: _tell(approved, "send --dry-run"))


@app.command()
def send(
    transmission: Ident,
    actor: Actor = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; nothing leaves.")] = False,
    as_json: Json = False,
) -> None:
    """Seal and deliver an approved transmission, or finish a sending that was cut short. Sending twice delivers once."""
    result = Gateway().send(transmission, actor=actor, dry_run=dry_run)
    show(result, as_json=as_json, text=lambda: _sent(result))


def _sent(result: Delivery | Plan) -> None:
    if isinstance(result, Plan):
        line(f"would send {result.transmission.occurrence} to {result.destination}", "bold")
        for number, step in enumerate(result.steps, 1):
            line(f"  {number}  {step}")
        return
    line(
        f"✓ {result.occurrence} delivered to {result.recipient} as {result.version or 'not yet acknowledged'}", "green"
    )


@app.command()
def status(as_json: Json = False) -> None:
    """Every transmission and where it stands."""
    transmissions = Gateway().transmissions.status()
    rows = [
        (t.id[:8], t.recipient, t.occurrence, t.period, t.release, t.state.value, f"{t.changed_at:%Y-%m-%d %H:%M}")
        for t in transmissions
    ]
    show(
        transmissions,
        as_json=as_json,
        text=lambda: table(("id", "recipient", "occurrence", "period", "release", "state", "since"), rows),
    )


@app.command()
def receipts(as_json: Json = False) -> None:
    """What receivers gave back."""
    found = Gateway().transmissions.receipts()
    show(found, as_json=as_json, text=lambda: _receipts(found))


def _receipts(found: Sequence[Receipt]) -> None:
    if not found:
        line("nothing was acknowledged yet")
    for receipt in found:
        line("  ".join(f"{name} {text}" for name, text in receipt.as_dict().items()))


@ledger.command()
def verify(as_json: Json = False) -> None:
    """Prove that no entry was changed, removed or put in; otherwise name the first bad one (exit code 3)."""
    head = Gateway().transmissions.ledger.verify()
    show(head, as_json=as_json, text=lambda: line(f"✓ {figure(head.seq)} entries, head {head.hash[:16]}…", "green"))


@ledger.command("list")
def list_entries(
    subject: Annotated[
        str | None, typer.Argument(help="Only what happened to this transmission (its whole id).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Every step, in order: when, who, what."""
    entries = Gateway().transmissions.ledger.entries(subject)
    rows = [(e.seq, f"{e.at:%Y-%m-%d %H:%M:%S}", e.actor, e.event, e.subject[:8]) for e in entries]
    show(
        entries,
        as_json=as_json,
        text=lambda: table(("seq", "at", "who", "event", "transmission"), rows, right=("seq",)),
    )
