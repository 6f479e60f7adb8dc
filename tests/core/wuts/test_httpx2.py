"""The commands of ours put httpx2 in httpx's place: the client must not feel the difference."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

# What depends on the HTTP library; the rest is ours alone.
TESTS = (
    "test_client_errors.py::test_no_connection",
    "test_client_errors.py::test_a_gateway_that_never_answers_is_a_time_out",
    "test_client_errors.py::test_a_gateway_that_never_comes_to_the_end_of_its_answer_is_a_time_out",
    "test_client_errors.py::test_a_connection_that_breaks_in_the_middle_of_an_answer",
    "test_client_ownership.py",
    "test_client_secrets.py::test_no_log_shows_a_secret_when_all_goes_well",
    "test_client_unreadable.py::test_a_too_long_answer_is_not_read",
    "test_client_unreadable.py::test_a_packed_bomb_is_not_unpacked",
    "test_client_unreadable.py::test_a_packing_that_was_not_asked_for_is_not_opened",
    "test_client_unreadable.py::test_a_packed_answer_is_unpacked",
    "test_client_any_answer.py::test_any_bytes_as_a_whole_answer",
    "http/test_faults_of_the_wire.py",
    "http/test_proxy.py",
    "http/test_tls.py",
    "http/test_transport.py",
)
PROGRAM = """
import sys
import httpx2
httpx2.alias_httpx()
import httpx
import pytest
assert httpx.AsyncClient is httpx2.AsyncClient
sys.exit(pytest.main(sys.argv[1:]))
"""
QUIETLY = ("-q", "--no-header", "--tb=short", "-p", "no:cacheprovider")
# httpx2 imports it before pytest can rewrite it.
NO_COMPLAINT = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def test_the_client_behaves_alike_with_httpx2() -> None:
    tests = [str(ROOT / "tests/core/wuts" / name) for name in TESTS]
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *QUIETLY, *NO_COMPLAINT, *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "passed" in run.stdout
