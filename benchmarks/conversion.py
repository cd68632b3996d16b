"""How fast a départemental edition becomes SDMX-ML, beside pandas with sdmx1 and with pysdmx, in one run.

``python benchmarks/conversion.py [--rounds 3]``. The peers start from the gateway's own observations, already mapped and rolled up, as a
pandas frame: they are timed on writing alone, which favours them; nothing of theirs reads or maps a national file. sdmx1 has no writer
of SDMX-ML 3.0.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pysdmx.io
import sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model.dataflow import Schema
from sdmx.model import v21

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import Settings
from sdmx_gateway.structures import write_structures

MODULE = "recorded_crime_territory"


def timed(work: Callable[[], object]) -> float:
    """Seconds a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Run the rounds, interleaved, and print the least seconds of each with its ratio to ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    gateway = Gateway(Settings(home=Path(tempfile.mkdtemp())))
    dataset = gateway.convert(MODULE).dataset
    pandas = dataset.frame.to_pandas()
    message = write_structures(
        [dataset.dataflow, *gateway.catalogue.descendants(dataset.dataflow)], "2.1", gateway.header()
    )
    theirs = sdmx.read_sdmx(io.BytesIO(message)).structure[dataset.structure.id]
    (pysdmx_structure,) = [
        s
        for s in pysdmx.io.read_sdmx(message.decode(), validate=False).get_data_structure_definitions()
        if s.id == dataset.structure.id
    ]

    def by_sdmx1() -> bytes:
        keys = [d.id for d in dataset.structure.dimensions]
        observations = [
            v21.Observation(
                dimension=theirs.make_key(v21.Key, dict(zip(keys, row, strict=False))),
                value=row[-1],
                value_for=theirs.measures[0],
            )
            for row in pandas[[*keys, "OBS_VALUE"]].itertuples(index=False)
        ]
        data = v21.StructureSpecificDataSet(structured_by=theirs)
        data.add_obs(observations)
        header = sdmx.message.Header(id="BENCH")
        return sdmx.to_xml(
            sdmx.message.DataMessage(header=header, data=[data], observation_dimension=v21.AllDimensions)
        )

    def by_pysdmx(form: Format) -> object:
        schema: Schema = pysdmx_structure.to_schema()
        return pysdmx.io.write_sdmx(PandasDataset(structure=schema, data=pandas.astype(object)), form)

    works: dict[str, Callable[[], object]] = {
        "gateway: read, map, roll up": lambda: gateway.convert(MODULE),
        "gateway: write SDMX-ML 2.1": lambda: gateway.message(dataset, "sdmx-ml-2.1"),
        "gateway: write SDMX-ML 3.0": lambda: gateway.message(dataset, "sdmx-ml-3.0"),
        "pysdmx:  write SDMX-ML 2.1": lambda: by_pysdmx(Format.DATA_SDMX_ML_2_1_STR),
        "pysdmx:  write SDMX-ML 3.0": lambda: by_pysdmx(Format.DATA_SDMX_ML_3_0),
        "sdmx1:   write SDMX-ML 2.1": by_sdmx1,
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            seconds[name].append(timed(work))
    ours = {form: min(seconds[f"gateway: write SDMX-ML {form}"]) for form in ("2.1", "3.0")}
    print(f"{len(dataset):,} observations, least of {rounds} rounds")
    for name, times in seconds.items():
        ratio = f"{min(times) / ours[name[-3:]]:8.1f} x ours" if name[-3:] in ours else ""
        print(f"  {name:<30} {min(times):8.3f} s {ratio}")


if __name__ == "__main__":
    main()
