"""Writes the documents that follow from the code: the command line, the settings, the modules, the formats. ``--check`` only compares."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import typer

from sdmx_gateway.cli import app
from sdmx_gateway.formats import FORMATS, FORMS
from sdmx_gateway.mapping import find_modules, load_module
from sdmx_gateway.settings import Settings, shipped

HERE = Path(__file__).parent
NOTICE = "<!-- Written by docs/generate.py (make docs): change the code, not this page. -->\n\n"


def command_line() -> str:
    """Every command with its help."""
    lines = [
        "# The command line\n",
        "Exit codes: 0 done; 1 findings of severity error; 2 wrong use, configuration, mapping or source; 3 refused or undeliverable.\n",
    ]
    root = typer.main.get_command(app)
    for path, command in _commands(root, ("sdmx-gateway",)):
        with click.Context(command, info_name=" ".join(path)) as context:
            usage = " ".join(command.collect_usage_pieces(context))
            lines.append(f"## `{' '.join(path)}`\n")
            lines.append(f"{(command.help or '').strip()}\n")
            lines.append(f"```\n{' '.join(path)} {usage}\n```\n")
            rows = [
                record for parameter in command.get_params(context) if (record := parameter.get_help_record(context))
            ]
            lines += [f"- `{name.strip()}`: {_flat(text)}" for name, text in rows if not name.startswith("--help")]
            lines.append("")
    return "\n".join(lines)


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield path, command
        return
    for name, each in sorted(subcommands.items()):
        yield from _commands(each, (*path, name))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def settings() -> str:
    """Every setting, its default and what it means."""
    about = Settings.__doc__ or ""
    meanings = dict(
        re.findall(r"^        (\w+): (.+?)(?=\n        \w+: |\n    \Z|\Z)", about, re.DOTALL | re.MULTILINE)
    )
    lines = [
        "# Settings\n",
        "Read from `gateway.toml` in the working folder; an environment variable `SDMX_GATEWAY_<NAME>` wins over it.\n",
        "| name | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = (
            "the shipped folder" if field.default_factory else "none" if field.default is None else f"`{field.default}`"
        )
        lines.append(f"| `{name}` | {default} | {_flat(meanings[name])} |")
    return "\n".join(lines) + "\n"


def modules() -> str:
    """Every shipped module: what it makes, from what."""
    lines = ["# The modules\n", "| module | makes | from | name |", "|---|---|---|---|"]
    for name, folder in sorted(find_modules([shipped("mappings")]).items()):
        spec = load_module(folder).spec
        origin = ", ".join([*(f"files `{s.family}`" for s in spec.families), *(f"`{s.dataflow}`" for s in spec.flows)])
        lines.append(
            f"| [{name}](../mappings/{name}/README.md) | `{spec.module.target}` | {origin} | {spec.module.name['fr']} |"
        )
    return "\n".join(lines) + "\n"


def formats() -> str:
    """Every format of data messages."""
    lines = [
        "# Formats of data messages\n",
        "| name | media type | extension | written | read |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{f.name}` | `{f.media_type}` | `{f.extension}` | yes | {'yes' if f.read else 'no'} |"
        for f in FORMATS.values()
    ]
    lines += [
        "\n## Forms of recipients\n",
        "No SDMX: for the dataflows made for them, to convert and to send; the service does not offer them.\n",
        "| name | what | extension | written | read |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{f.name}` | {f.label.best('en')} | `{f.extension}` | yes | {'yes' if f.read else 'no'} |"
        for f in FORMS.values()
    ]
    return "\n".join(lines) + "\n"


PAGES = {"cli.md": command_line, "settings.md": settings, "modules.md": modules, "formats.md": formats}


def main() -> int:
    """Write the pages, or with ``--check`` say which are out of date."""
    stale = []
    for name, page in PAGES.items():
        text = NOTICE + page().rstrip() + "\n"
        path = HERE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"out of date: {', '.join(stale)}: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
