from collections.abc import Iterator

import pytest

from tests.core.wuts.receivers.listening import Listening


@pytest.fixture
def listening() -> Iterator[Listening]:
    with Listening() as server:
        yield server
