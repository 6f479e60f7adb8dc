import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from scripts.lib.artefacts import pins_of, read_artefact
from scripts.lib.sbom import MissingPinError, sbom

ROOT = Path(__file__).parents[2]
MADE = datetime(2026, 11, 26, 8, tzinfo=UTC)
METADATA = """Metadata-Version: 2.4
Name: wuts
Version: 1.2.0
Requires-Dist: pydantic>=2.12
Provides-Extra: store
Requires-Dist: sqlalchemy[asyncio]>=2.0; extra == 'store'
"""
VERSIONS = {
    "annotated-types": "0.7.0",
    "greenlet": "3.2.0",
    "pydantic": "2.13.0",
    "pydantic-core": "2.46.0",
    "sqlalchemy": "2.0.44",
    "typing-extensions": "4.15.0",
    "typing-inspection": "0.4.2",
}


def wheel(folder: Path) -> Path:
    path = folder / "wuts-1.2.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        archive.writestr("wuts-1.2.0.dist-info/METADATA", METADATA)
    return path


def listed(path: Path, versions: dict[str, str] = VERSIONS) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(sbom(read_artefact(path), versions, MADE))
    return told


def test_a_list_holds_what_is_needed_at_the_versions_that_were_tested(tmp_path: Path) -> None:
    parts = {part["name"]: part["version"] for part in listed(wheel(tmp_path))["components"]}
    assert parts == VERSIONS


def test_what_only_an_extra_needs_is_optional(tmp_path: Path) -> None:
    scopes = {part["name"]: part["scope"] for part in listed(wheel(tmp_path))["components"]}
    assert scopes["greenlet"] == scopes["sqlalchemy"] == "optional"
    assert scopes["pydantic"] == scopes["pydantic-core"] == "required"
    assert scopes["typing-extensions"] == "required", "both need it"


def test_a_list_says_who_needs_whom(tmp_path: Path) -> None:
    told = listed(wheel(tmp_path))
    needs = {one["ref"]: one.get("dependsOn", []) for one in told["dependencies"]}
    assert needs["wuts-1.2.0-py3-none-any.whl"] == [
        "pkg:pypi/pydantic@2.13.0",
        "pkg:pypi/sqlalchemy@2.0.44",
    ]
    assert "pkg:pypi/greenlet@3.2.0" in needs["pkg:pypi/sqlalchemy@2.0.44"], "the extra asks for it"


def test_a_list_names_its_artefact_by_its_hash(tmp_path: Path) -> None:
    path = wheel(tmp_path)
    told = listed(path)
    (before,) = told["metadata"]["component"]["hashes"]
    assert told["metadata"]["component"]["purl"] == "pkg:pypi/wuts@1.2.0"
    assert told["metadata"]["timestamp"] == "2026-11-26T08:00:00+00:00"
    with ZipFile(path, "a") as archive:
        archive.writestr("wuts/more.py", "")
    again = listed(path)
    assert again["metadata"]["component"]["hashes"] != [before]
    assert again["serialNumber"] != told["serialNumber"]


def test_the_same_artefact_has_the_same_list(tmp_path: Path) -> None:
    path = wheel(tmp_path)
    artefact = read_artefact(path)
    assert sbom(artefact, VERSIONS, MADE) == sbom(artefact, dict(reversed(VERSIONS.items())), MADE)


@pytest.mark.parametrize("missing", ["pydantic", "pydantic-core"])
def test_a_package_without_a_version_is_an_error(tmp_path: Path, missing: str) -> None:
    versions = {name: version for name, version in VERSIONS.items() if name != missing}
    with pytest.raises(MissingPinError, match=f"^{missing} is needed"):
        listed(wheel(tmp_path), versions)


def test_an_sdist_is_read_as_its_wheel_is(tmp_path: Path) -> None:
    path = tmp_path / "wuts-1.2.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("wuts-1.2.0/PKG-INFO")
        entry.size = len(METADATA)
        archive.addfile(entry, io.BytesIO(METADATA.encode()))
    assert read_artefact(path).requirements == read_artefact(wheel(tmp_path)).requirements


def test_the_archive_asks_for_what_its_manifest_says(tmp_path: Path) -> None:
    path = tmp_path / "wuts.zip"
    manifest = {"version": "1.2.0", "requirements": ["pydantic>=2.12"]}
    with ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
    told = listed(path)
    assert told["metadata"]["component"]["purl"] == "pkg:github/wuts/wuts@v1.2.0"
    assert {part["name"] for part in told["components"]} == VERSIONS.keys() - {
        "greenlet",
        "sqlalchemy",
    }
    tested = pins_of(read_artefact(path), ROOT / "requirements")
    assert tested["homeassistant"].startswith("2026."), (
        "it is tested with Home Assistant's packages"
    )


def test_another_file_is_no_artefact(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"notes\.md is no wheel"):
        read_artefact(tmp_path / "notes.md")
