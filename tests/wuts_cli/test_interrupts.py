from tests.wuts_cli.command import Wuts, ended, until
from wuts_simulator import Fault, FaultKind, Simulator


async def test_ctrl_c_ends_a_command_that_waits_for_an_answer(sim: Simulator, wuts: Wuts) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HANG))
    async with wuts.started("devices") as process:
        await until(sim.world.requests.total)
        process.send_signal(2)
        done = await ended(process)
    assert (done.code, done.out, done.err) == (130, "", "")
