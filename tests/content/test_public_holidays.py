"""Public holidays, compared with what their package recorded of itself."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from fadeno import content
from tests.house.rules import ROOT

CORPORA = Path(os.environ.get("FADENO_CORPORA", ROOT.parent / "shared" / "corpora"))
RECORDED = CORPORA / "holidays"
# Countries that record nothing but public holidays, so both must say the very same.
ALIKE = ("CH", "CZ", "DE", "ES", "FR", "GB", "IT", "MX", "PL", "RO", "RS")


@pytest.mark.skipif(
    not RECORDED.exists(),
    reason=f"needs {RECORDED}: snapshots/countries of vacanza/holidays, in a folder FADENO_CORPORA names",
)
@pytest.mark.parametrize("country", ALIKE)
def test_public_holidays_are_as_recorded(country: str) -> None:
    recorded = json.loads(gzip.decompress((RECORDED / f"{country}_COMMON.json.gz").read_bytes()))
    years = range(2008, 2031)
    ours = {
        day.isoformat(): name for year in years for day, name in content.holidays_in(country, "", year, "en").items()
    }
    assert ours == {day: name for day, name in recorded.items() if int(day[:4]) in years}


def test_holidays_are_called_as_the_reader_calls_them() -> None:
    day = date(2026, 11, 11)
    assert content.holidays_in("RS", "", 2026, "sr-Cyrl")[day] == "Дан примирја у Првом светском рату"
    assert content.holidays_in("RS", "", 2026, "hu")[day] == "Armistice Day"
    assert content.holidays_in("ZZ", "", 2026) == {}
