"""Nine tenths of what people print is read, by the generic reader alone and with the catalogue before it."""

from __future__ import annotations

import pytest
from data.make.handwritten import LOGS, written
from handwriting import Score, score, total


@pytest.fixture(scope="module", params=["generic", None], ids=["generic", "catalogue"])
def scores(request: pytest.FixtureRequest) -> list[Score]:
    return [score(written(name), request.param) for name in LOGS]


@pytest.mark.parametrize("held_out", [False, True], ids=["open", "held out"])
def test_hand_written_logs_give_the_table_a_person_would_write_down(scores: list[Score], held_out: bool) -> None:
    found = total([one for one in scores if one.log.held_out == held_out])

    assert found.series >= 0.95
    assert found.steps >= 0.95
    assert found.right >= 0.85
    assert found.junk <= 0.05


def test_files_that_measure_nothing_give_no_rows(scores: list[Score]) -> None:
    assert [one.log.name for one in scores if not one.wanted and one.rows] == []


def test_another_seed_is_read_as_well() -> None:
    found = total([score(written(name, seed=7), "generic") for name in LOGS])

    assert found.series >= 0.95
    assert found.right >= 0.85
    assert found.silent == 1
