"""A real PostgreSQL server in a folder of its own, reached by a socket there only."""

import os
import pwd
import secrets
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict
from urllib.parse import quote

import asyncpg
import psutil

USER = "wuts"
_DEBIAN = Path("/usr/lib/postgresql")


# Stops the server and removes its folder when its input ends: also when the tests are killed.
# Nobody waits for the folder: a busy disk takes minutes for hundreds of databases.
_GUARD = 'read -r _; "$1" --pgdata "$2/data" stop --mode=immediate; rm -rf "$2" &'


class Identity(TypedDict, total=False):
    """What `subprocess` needs to become somebody else."""

    user: int
    group: int
    extra_groups: list[str | int]


class PostgresqlServer:
    """A server that is gone when its context is left, however that happens, and soon its folder.

    Args:
        programs: The folder of its programs.
    """

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._password = secrets.token_hex(8)
        self._account = _account()
        self._folder = Path(tempfile.mkdtemp(prefix="wuts-postgresql-"))
        self._databases = 0
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        password = self._folder / "password"
        password.write_text(self._password)
        if self._account is not None:
            os.chown(password, self._account, -1)
            os.chown(self._folder, self._account, -1)
        self._guard = subprocess.Popen(
            ["sh", "-c", _GUARD, "sh", self._programs / "pg_ctl", self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self.identity,
        )
        self._run(
            "initdb",
            "--no-sync",
            f"--username={USER}",
            "--encoding=UTF8",
            "--locale=C",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
        )
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._guard is not None
        self._guard.communicate()

    def start(self) -> None:
        options = f"-c listen_addresses= -k {self._folder} -c fsync=off -c shared_buffers=16MB"
        self._run(
            "pg_ctl", "start", "--wait", f"--log={self._folder / 'log'}", f"--options={options}"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")

    def kill(self) -> None:
        """End all of its processes in the middle of whatever they do; `start` recovers it."""
        file = self._folder / "data" / "postmaster.pid"
        server = psutil.Process(int(file.read_text().split()[0]))
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # the others end when one of them is killed
                process.kill()
        _, alive = psutil.wait_procs(processes, timeout=10)
        assert alive == []

    @property
    def socket(self) -> Path:
        return self._folder / ".s.PGSQL.5432"

    def url(self, database: str, *, user: str = USER, password: str | None = None) -> str:
        secret = self._password if password is None else password
        return f"postgresql://{user}:{secret}@/{database}?host={quote(str(self._folder), safe='')}"

    async def new_database(self) -> str:
        """Return its address."""
        self._databases += 1
        name = f"test_{self._databases}"
        await self.execute("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    async def execute(self, database: str, *statements: str) -> None:
        connection = await asyncpg.connect(self.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "--pgdata", self._folder / "data", *arguments],
            check=True,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            # The server keeps pg_ctl's output open as long as it runs: a pipe would never end.
            stdout=subprocess.DEVNULL,
            **self.identity,
        )

    @property
    def identity(self) -> Identity:
        """Whom the server runs as."""
        if self._account is None:
            return {}
        group = pwd.getpwuid(self._account).pw_gid
        return {"user": self._account, "group": group, "extra_groups": []}


def find_programs() -> Path | None:
    """Return the folder of the server's programs: Debian does not put them on PATH."""
    folders = [Path(path) for path in os.get_exec_path()]
    folders += sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder.resolve()
    return None


def _account() -> int | None:
    """Return whom to run the server as, since it refuses root; None for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return known.get("postgres", known["nobody"])
