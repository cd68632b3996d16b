"""How fast every format is written and read, beside the raw write of the same bytes: ``python benchmarks/formats.py``."""

from __future__ import annotations

import io
import tempfile
import time
from pathlib import Path

from sdmx_gateway.formats import FORMATS, read
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import Settings


def main() -> None:
    """Write and read the état 4001 (338,458 observations) once in each format, and print seconds and ratios."""
    gateway = Gateway(Settings(home=Path(tempfile.mkdtemp())))
    dataset = gateway.convert("etat_4001_annual").dataset
    print(f"{len(dataset):,} observations")
    for name in FORMATS:
        sink = io.BytesIO()
        begun = time.perf_counter()
        gateway.write(dataset, name, sink)
        written = time.perf_counter() - begun
        data = sink.getvalue()
        with tempfile.TemporaryFile() as file:
            begun = time.perf_counter()
            file.write(data)
            file.flush()
            raw = time.perf_counter() - begun
        begun = time.perf_counter()
        read(data, gateway.catalogue)
        taken = time.perf_counter() - begun
        print(
            f"  {name:<14} {len(data):>12,} bytes  write {written:7.3f} s ({written / raw:6.1f} x the raw write)  read {taken:7.3f} s"
        )


if __name__ == "__main__":
    main()
