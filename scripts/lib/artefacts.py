"""What a file of a release says of itself: its name, its version and what it asks for."""

import json
import re
import tarfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ARCHIVE = "wuts.zip"
_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


@dataclass(frozen=True)
class Artefact:
    """A wheel, an sdist or the archive for Home Assistant.

    Attributes:
        path: The file.
        name: The project's name, in PyPI's normal form.
        version: Its version.
        requirements: What it asks for, with the markers of extras.
        is_package: Whether PyPI has it; the archive is on GitHub alone.
    """

    path: Path
    name: str
    version: str
    requirements: tuple[Requirement, ...]
    is_package: bool = True


def read_artefact(path: Path) -> Artefact:
    """Read what a file says of itself.

    Raises:
        ValueError: It is not a file of a release.
    """
    if path.name == _ARCHIVE:
        return _read_archive(path)
    if path.suffix == ".whl":
        return _read_metadata(path, _of_wheel(path))
    if path.name.endswith(".tar.gz"):
        return _read_metadata(path, _of_sdist(path))
    raise ValueError(f"{path.name} is no wheel, no sdist and not {_ARCHIVE}")


def pins(*files: Path) -> dict[str, str]:
    """Return the versions that files of ``requirements/`` pin, by name."""
    return {
        canonicalize_name(name): version
        for file in files
        for name, version in _PIN.findall(file.read_text(encoding="utf-8"))
    }


def pins_of(artefact: Artefact, folder: Path) -> dict[str, str]:
    """Return the versions that an artefact is tested with.

    Args:
        artefact: Whose.
        folder: The project's ``requirements/``.
    """
    if not artefact.is_package:
        return pins(folder / "home-assistant.txt")
    if artefact.name == "wuts-slack":
        return {**pins(folder / "slack.txt"), "wuts": artefact.version}
    alone = {"bootstrap", "build", "hass", "home-assistant", "lint", "release", "slack", "test"}
    return pins(*(path for path in folder.glob("*.txt") if path.stem not in alone))


def _read_archive(path: Path) -> Artefact:
    with ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    requirements = tuple(map(Requirement, manifest["requirements"]))
    return Artefact(path, "wuts", manifest["version"], requirements, is_package=False)


def _read_metadata(path: Path, text: str) -> Artefact:
    headers = HeaderParser().parsestr(text)
    requirements = tuple(map(Requirement, headers.get_all("Requires-Dist") or ()))
    return Artefact(path, canonicalize_name(headers["Name"]), headers["Version"], requirements)


def _of_wheel(path: Path) -> str:
    with ZipFile(path) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return wheel.read(name).decode()


def _of_sdist(path: Path) -> str:
    name = f"{path.name.removesuffix('.tar.gz')}/PKG-INFO"
    with tarfile.open(path) as sdist, sdist.extractfile(name) as file:  # type: ignore[union-attr]
        return file.read().decode()
