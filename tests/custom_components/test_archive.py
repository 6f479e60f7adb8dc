import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]

# The interpreter runs isolated, without the project's own path entry, as a user's would.
IMPORT_EVERYTHING = """
import importlib, importlib.util, pkgutil, sys
import homeassistant.core
sys.path[:0] = [sys.argv[1]]
assert importlib.util.find_spec("wuts") is None, "the repository is on the path"
import custom_components.wuts as integration
for module in pkgutil.walk_packages(integration.__path__, integration.__name__ + "."):
    # These need what only those bring who use them.
    ends = (".aiohttp_transport", ".settings_file")
    parts = (".core.metrics", ".core.receivers", ".store.")
    if not module.name.endswith(ends) and not any(part in module.name for part in parts):
        importlib.import_module(module.name)
print(integration.__file__)
"""


def test_the_whole_unpacked_integration_imports_where_no_repository_is(tmp_path: Path) -> None:
    archive, home, elsewhere = tmp_path / "wuts.zip", tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    build = ROOT / "scripts/lib/build_zip.py"
    subprocess.run([sys.executable, build, ROOT / "custom_components/wuts", archive], check=True)
    with ZipFile(archive) as content:
        content.extractall(home / "custom_components/wuts")

    imported = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-c"),
            "import sys; sys.path.append(sys.argv[2])" + IMPORT_EVERYTHING,
            *(home, sysconfig.get_path("purelib")),
        ],
        check=False,
        cwd=elsewhere,
        capture_output=True,
        text=True,
    )

    assert imported.returncode == 0, imported.stderr
    assert Path(imported.stdout.strip()).is_relative_to(home)
