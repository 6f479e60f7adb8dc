import socket
from pathlib import Path

import pytest

from scripts.lib.parts import PartError, check_port, free_port

LENT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_free_ports_can_all_be_used_at_once() -> None:
    first = free_port(4)
    sockets = [socket.create_server(("127.0.0.1", port)) for port in range(first, first + 4)]
    for one in sockets:
        one.close()


@pytest.mark.skipif(not LENT.exists(), reason="this is not Linux")
def test_free_ports_are_none_that_a_connection_may_be_lent() -> None:
    lowest = int(LENT.read_text().split()[0])
    assert free_port(4) + 3 < lowest


def test_a_port_that_is_taken_is_said_with_its_mend() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PartError, match=f"scripts/demo --port {port + 100}"):
            check_port(port, "the gateway")
    check_port(free_port(), "the gateway")
