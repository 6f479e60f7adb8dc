"""What `import wuts` offers, and what it takes."""

import subprocess
import sys

import wuts

NEEDED = {"httpx", "PIL", "pydantic", "qrcode"}
SCRIPT = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        extras = "aiohttp apscheduler phonenumbers rich sqlalchemy typer slack_bolt"
        if top in extras.split():
            raise ModuleNotFoundError(f"there is no {{name}}")

sys.meta_path.insert(0, Absent())
import wuts
assert "wuts.supervisor" not in sys.modules
assert "PIL" not in sys.modules, "only who draws a QR waits for Pillow"
wuts.qr.render_text("2@abc")
wuts.qr.render_png("2@abc")
assert {NEEDED} <= set(sys.modules)
"""


def test_the_library_needs_no_extra() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)


def test_every_public_name_is_there() -> None:
    assert sorted(wuts.__all__) == wuts.__all__
    assert all(hasattr(wuts, name) for name in wuts.__all__)
