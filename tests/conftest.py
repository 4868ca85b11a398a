import os
import signal
from pathlib import Path

import pytest
import scratch
from hypothesis import HealthCheck, settings

# A job started in the background of a script (`.ci/run &`, nohup) begins with Ctrl-C ignored, and
# so would all that the tests start and then interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


# What CI generates is what everyone generates, so that a pass here is a pass there. New ground is
# searched by hand: HYPOTHESIS_PROFILE=explore pytest tests/audit/test_hostile.py
_PLAIN = settings(deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("same", _PLAIN, derandomize=True, database=None)
settings.register_profile("explore", _PLAIN)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A crate whose ``big::two`` is used from elsewhere, in a repository."""
    return scratch.repository(tmp_path / "repo", scratch.USES_LAST)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-fixtures",
        action="store_true",
        help="write after/, skip.txt and messages.json of the selected cases from what happens now",
    )
