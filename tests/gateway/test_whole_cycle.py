"""The whole way on the real samples: released, delivered once, and nothing new the second time."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sdmx_gateway.cycle import deliver_due, run_modules
from sdmx_gateway.errors import FindingsBlock
from sdmx_gateway.gateway import Gateway, Waiver
from sdmx_gateway.settings import Settings, shipped
from sdmx_gateway.transmission import State

TERRITORY = "ssmsi/recorded_crime_territory"


@pytest.fixture
def office(national: Gateway, tmp_path: Path) -> Gateway:
    """A copy of the released gateway that may be written to."""
    home = tmp_path / "var"
    shutil.copytree(national.settings.home, home)
    return Gateway(Settings(home=home), clock=national.now)


def small(tmp_path: Path, *editions: str) -> Gateway:
    """A gateway that knows the territorial module with these editions alone."""
    folder = tmp_path / "mappings" / TERRITORY
    source = shipped("mappings") / TERRITORY
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("sample"), dirs_exist_ok=True)
    (folder / "sample").mkdir(exist_ok=True)
    for file in (source / "sample").iterdir():
        if any(edition in file.name for edition in editions):
            shutil.copy(file, folder / "sample")
    return Gateway(Settings(home=tmp_path / "var", mappings=(tmp_path / "mappings",)))


def test_every_module_is_released_and_every_byte_verifies(national: Gateway) -> None:
    flows = {r.dataflow.id for r in national.store.history()}
    assert flows == {national.module(name).spec.module.urn.id for name in national.modules}
    assert len(flows) == len(national.modules)
    for release in national.store.history():
        national.store.verify(release)


def test_run_again_nothing_is_released_or_sent(office: Gateway) -> None:
    first = [outcome for outcome in deliver_due(office, channels=frozenset({"outbox"})) if outcome.delivery]
    assert first
    before = office.store.history()
    assert {outcome.outcome for outcome in run_modules(office)} == {"unchanged"}
    assert office.store.history() == before
    assert not [outcome for outcome in deliver_due(office, channels=frozenset({"outbox"})) if outcome.delivery]
    assert len(office.transmissions.deliveries()) == len(first)


def test_what_is_due_lies_in_the_outbox_under_its_name_with_its_receipt(office: Gateway) -> None:
    sent = [o.delivery for o in deliver_due(office, channels=frozenset({"outbox"})) if o.delivery]
    for delivery in sent:
        file = office.settings.home / "outbox" / delivery.recipient / delivery.occurrence
        receipt = json.loads(file.with_name(f"{file.name}.receipt.json").read_text())
        assert receipt["size"] == file.stat().st_size
    assert "CRIM_GENREG_A_FR_2024_0000.xml" in {d.occurrence for d in sent}
    assert office.transmissions.ledger.verify().seq > 0


def test_with_a_second_person_required_nothing_leaves_before_they_approve(office: Gateway) -> None:
    careful = Gateway(office.settings.model_copy(update={"second_person": True}), clock=office.now)
    outcomes = list(deliver_due(careful, channels=frozenset({"outbox"})))
    assert not any(outcome.delivery for outcome in outcomes)
    (waiting, *_) = careful.transmissions.status(state=State.VALIDATED)
    careful.approve(waiting.id, actor="somebody else")
    careful.send(waiting.id)
    assert len(careful.transmissions.deliveries()) == 1


def _raw(sample: str, area: str, year: str, count: str) -> dict[tuple[str, str, str], int]:
    (file,) = (shipped("mappings") / TERRITORY / "sample").glob(sample)
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as stream:
        return {(r["classe"], r[area], f"20{r[year]}"): int(r[count]) for r in csv.DictReader(stream, delimiter=";")}


def test_a_new_edition_makes_release_2_and_its_diff_shows_each_revised_figure(tmp_path: Path) -> None:
    outcomes = list(run_modules(small(tmp_path, "-2022-geographie2022")))
    assert [(o.outcome, o.release.number if o.release else None) for o in outcomes] == [("released", 1)]
    gateway = small(tmp_path, "-2022-geographie2022", "-2023-geographie2024")
    outcomes = list(run_modules(gateway))
    assert [(o.outcome, o.release.number if o.release else None) for o in outcomes] == [
        ("unchanged", 1),
        ("released", 2),
    ]
    changes = gateway.differences(gateway.dataflow("CRIME_TERRITORY").urn, 1, 2).changes
    old = _raw("donnee-dep-*-2022-*", "Code.département", "annee", "faits")
    new = _raw("donnee-dep-*-2023-*", "Code.département", "annee", "faits")
    label = "Cambriolages de logement"
    revised = {k: (v, new[k]) for k, v in old.items() if k[0] == label and v != new[k]}
    shown = changes.filter(
        (pl.col("OFFENCE") == "BURGLARY_DWELLING")
        & (pl.col("change") == "revised")
        & pl.col("REF_AREA").str.starts_with("D")
    )
    found = {
        (label, area[1:], period): (before, after)
        for area, period, before, after in shown.select(
            "REF_AREA", "TIME_PERIOD", "OBS_VALUE__before", "OBS_VALUE"
        ).iter_rows()
    }
    assert found == revised
    assert len(revised) > 100


def test_a_file_that_does_not_fit_is_refused_whole_and_an_older_edition_is_passed_over(tmp_path: Path) -> None:
    gateway = small(tmp_path, "-2023-geographie2024")
    list(run_modules(gateway))
    sample = tmp_path / "mappings" / TERRITORY / "sample"
    broken = sample / "donnee-dep-data.gouv-2024-geographie2024-produit-le2026-01-01.csv.gz"
    (real,) = sample.glob("donnee-dep-*-2023-*")
    broken.write_bytes(gzip.compress(gzip.decompress(real.read_bytes()).replace(b'"Homicides"', b'"Meurtres"', 3)))
    shutil.copy(next((shipped("mappings") / TERRITORY / "sample").glob("donnee-dep-*-2022-*")), sample)
    outcomes = list(run_modules(Gateway(gateway.settings)))
    assert [(o.edition, o.outcome) for o in outcomes] == [("2024-07-05", "unchanged"), ("2026-01-01", "refused")]
    assert outcomes[1].problems[0].value == "Meurtres"
    assert len(gateway.store.history()) == 1


def test_errors_keep_a_release_back_until_somebody_waives_them_by_name(tmp_path: Path) -> None:
    gateway = small(tmp_path, "-2023-geographie2024")
    conversion = gateway.convert(TERRITORY)
    frame = conversion.dataset.frame.with_columns(
        pl.when(pl.col("REF_AREA") == "R84").then(pl.col("OBS_VALUE") + 1).otherwise("OBS_VALUE").alias("OBS_VALUE")
    )
    dataset = replace(conversion.dataset, frame=frame)
    wrong = replace(conversion, dataset=dataset)
    report = gateway.validate(wrong.dataset)
    with pytest.raises(FindingsBlock):
        gateway.publish(wrong, report)
    assert not gateway.store.history()
    release, is_new = gateway.publish(wrong, report, waiver=Waiver("J. Martin", "known fault of the source"))
    assert is_new
    assert gateway.release_document(release)["report"]["waiver"] == {
        "by": "J. Martin",
        "reason": "known fault of the source",
    }
