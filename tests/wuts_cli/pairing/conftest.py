from collections.abc import Iterator

import pytest

from tests.wuts_cli.pairing.forked import quick_wuts


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where commands with other times are forked."""
    with quick_wuts(tmp_path_factory.mktemp("wuts")) as address:
        yield address
