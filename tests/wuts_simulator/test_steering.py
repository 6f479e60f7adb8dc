import pytest

from tests.wuts_simulator.gateway import Api
from wuts_simulator.steering import is_local


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_local(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", ["192.0.2.1", "0.0.0.0", "2001:db8::1", "localhost", ""])
def test_everything_else_is_not(address: str) -> None:
    assert not is_local(address)


@pytest.mark.parametrize("host", ["localhost:8471", "127.0.0.1", "[::1]:8471", "gateway:8471"])
async def test_a_name_that_no_public_site_can_have_is_ours(nobody: Api, host: str) -> None:
    assert (await nobody.get("/_sim/state", headers={"Host": host})).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "[::1", "."])
async def test_any_other_name_is_not(nobody: Api, host: str) -> None:
    assert (await nobody.get("/_sim/state", headers={"Host": host})).status == 403
