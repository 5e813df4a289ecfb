from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.takeaway.queues import CUPSD, Cups


@pytest.fixture(scope="session")
def _cups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cups]:
    if CUPSD is None:
        pytest.skip("THERE IS NO CUPS HERE: printing is not tested. As root: apt-get install cups-daemon cups-client")
    server = Cups(tmp_path_factory.mktemp("cups"))
    try:
        if not server.wait_until_it_answers():
            pytest.skip("CUPS DOES NOT START HERE: printing is not tested.")
        yield server
    finally:
        server.stop()


@pytest.fixture
def cups(_cups: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    """A real CUPS that `lp` finds, with an empty queue `slips`."""
    for name, value in _cups.environment.items():
        monkeypatch.setenv(name, value)
    _cups.add_queue("slips")
    _cups.printed.unlink(missing_ok=True)
    return _cups
