import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import Api, fixture
from wuts_simulator import InvalidError, Role, Settings, Simulator


@pytest.fixture
async def home(start: Start) -> Simulator:
    tokens = tuple((f"home/{role}:{role}", f"token-{role}") for role in Role)
    return await start(Settings(tokens=tokens))


def caller(home: Simulator, http: ClientSession, role: Role) -> Api:
    return Api(home.url, http, f"token-{role}")


@pytest.mark.parametrize(("role", "seen"), [(Role.ADMIN, 3), (Role.MANAGER, 3), (Role.USER, 1)])
async def test_a_user_lists_only_their_own_devices(
    home: Simulator, http: ClientSession, role: Role, seen: int
) -> None:
    own = {one: home.world.add_device(f"home/{one}").id for one in Role}
    api = caller(home, http, role)
    listed = [device["id"] for device in (await api.get("/devices")).body["devices"]]
    assert len(listed) == seen
    assert own[role] in listed
    data = (await api.get("/user/devices")).data
    assert ([device["id"] for device in data["devices"]], data["count"]) == ([own[role]], 1)


async def test_a_user_is_forbidden_what_a_manager_may_see(
    home: Simulator, http: ClientSession
) -> None:
    device = home.world.add_device("home/manager")
    for path in ("/status", "/webhook", "/qr/status"):
        assert (await caller(home, http, Role.MANAGER).get(path, device_id=device.id)).status == 200
        assert (await caller(home, http, Role.USER).get(path, device_id=device.id)).status == 403
    reply = await caller(home, http, Role.USER).get("/webhook", device_id=device.id)
    assert reply.body["error_code"] == fixture("error_403")["error_code"]


async def test_only_an_admin_may_delete_the_device_of_another(
    home: Simulator, http: ClientSession
) -> None:
    device = home.world.add_device("home/user", state="connected")
    path = f"/devices/{device.id}"
    assert (await caller(home, http, Role.MANAGER).delete(path)).status == 403
    assert (await caller(home, http, Role.ADMIN).delete(path)).status == 200


async def test_a_role_can_be_changed_but_not_invented(home: Simulator, http: ClientSession) -> None:
    home.world.add_device("home/admin")
    home.world.add_tenant("home/user:manager")
    assert len((await caller(home, http, Role.USER).get("/devices")).body["devices"]) == 1
    with pytest.raises(InvalidError, match="a role is one of admin, manager, user"):
        home.world.add_tenant("home/user:owner")
