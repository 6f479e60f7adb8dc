"""Write beside each artefact of a release what it needs: ARTEFACT.cdx.json, as CycloneDX 1.6.

usage: python -m scripts.lib.sbom ARTEFACT...
The versions are those that requirements/ pins: the release is tested with them. The
licences, and which package needs which, come from the packages that are installed here.
SOURCE_DATE_EPOCH is the list's time, so the same commit gives the same bytes.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .artefacts import Artefact, pins_of, read_artefact

ROOT = Path(__file__).parents[2]
EARLIEST = 315532800
"""1980-01-01, for a build that knows no commit."""

NO_EXTRA = frozenset({""})
"""What a package needs without any of its extras."""

NOTE = Property(
    name="wuts:versions",
    value="The versions this release is tested with. What it allows stands in its own metadata.",
)


class MissingPinError(Exception):
    """A package that is needed has no version in ``requirements/``."""


def sbom(artefact: Artefact, versions: Mapping[str, str], made: datetime) -> str:
    """Return the list of what an artefact needs.

    Args:
        artefact: Whose.
        versions: The versions it is tested with, by name.
        made: The list's time.

    Raises:
        MissingPinError: A package that it needs has no version.
        ValueError: The list is no valid CycloneDX.
    """
    needs = _needs(artefact.requirements, versions)
    always = [one for one in artefact.requirements if _applies(one, NO_EXTRA)]
    required = _reached(_names(always), needs)
    root = _root(artefact)
    parts = {name: _part(name, versions[name], is_required=name in required) for name in needs}
    digest = hashlib.sha256(artefact.path.read_bytes()).hexdigest()
    root.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=digest))
    bom = Bom(components=parts.values(), serial_number=uuid5(NAMESPACE_URL, f"sha256:{digest}"))
    bom.metadata.component = root
    bom.metadata.timestamp = made
    bom.metadata.properties.add(NOTE)
    bom.register_dependency(root, [parts[name] for name in _names(artefact.requirements)])
    for name, others in needs.items():
        bom.register_dependency(parts[name], [parts[other] for other in others])
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"the list of {artefact.path.name} is not valid: {error}")
    return text


def _needs(roots: Iterable[Requirement], versions: Mapping[str, str]) -> dict[str, set[str]]:
    """Return whom each package needs, for all that the roots lead to."""
    needs: dict[str, set[str]] = {}
    extras: dict[str, frozenset[str]] = {}
    waiting = list(roots)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        asked = extras.get(name, NO_EXTRA) | requirement.extras
        if name in needs and asked == extras[name]:
            continue
        if name not in versions:
            raise MissingPinError(f"{name} is needed, but requirements/ has no version of it")
        extras[name] = asked
        chosen = [one for one in _of_package(name) if _applies(one, asked)]
        needs[name] = _names(chosen)
        waiting += chosen
    return needs


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Tell whether something is needed with these extras, here."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def _names(requirements: Iterable[Requirement]) -> set[str]:
    return {canonicalize_name(one.name) for one in requirements}


def _reached(names: Iterable[str], needs: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += needs[name]
    return found


def _of_package(name: str) -> list[Requirement]:
    found = _installed(name)
    return [Requirement(line) for line in found.requires or ()] if found else []


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:  # one that only another Python or system needs
        return None


def _root(artefact: Artefact) -> Component:
    kind, owner = ("pypi", None) if artefact.is_package else ("github", "wuts")
    version = artefact.version if artefact.is_package else f"v{artefact.version}"
    return Component(
        name=artefact.path.name,
        version=artefact.version,
        type=ComponentType.APPLICATION,
        bom_ref=artefact.path.name,
        purl=PackageURL(kind, owner, artefact.name, version),
        licenses=[LicenseFactory().make_from_string("MIT")],
    )


def _part(name: str, version: str, *, is_required: bool) -> Component:
    purl = PackageURL("pypi", None, name, version)
    found = _installed(name)
    told = found and (found.metadata.get("License-Expression") or found.metadata.get("License"))
    return Component(
        name=name,
        version=version,
        bom_ref=str(purl),
        purl=purl,
        scope=ComponentScope.REQUIRED if is_required else ComponentScope.OPTIONAL,
        licenses=[LicenseFactory().make_from_string(told)] if told else [],
    )


def main(paths: list[Path]) -> int:
    """Write the list of each artefact beside it; return the exit code."""
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), UTC)
    for path in paths:
        artefact = read_artefact(path)
        text = sbom(artefact, pins_of(artefact, ROOT / "requirements"), made)
        path.with_name(f"{path.name}.cdx.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))
