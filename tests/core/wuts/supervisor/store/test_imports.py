"""Who does not use the SQL store needs none of its packages."""

import subprocess
import sys

SCRIPT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sqlalchemy", "alembic", "aiosqlite", "asyncpg", "greenlet"}:
            raise ModuleNotFoundError(f"there is no {name}")

sys.meta_path.insert(0, Absent())
from wuts.supervisor import Supervisor
from wuts.supervisor.store import MemoryStore
Supervisor(store=MemoryStore())
"""


def test_the_supervisor_does_without_sqlalchemy() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
