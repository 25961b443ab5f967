"""`python contents.py FOLDER`: writes what an image holds, as read from what is installed in it.

FOLDER/sbom.cdx.json: a CycloneDX 1.6 bill of materials; FOLDER/licences.txt: a line a package, its version and licence.
Uses the standard library alone: it runs inside the image, on its Python packages and those of Debian.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

Component = dict[str, Any]

NOT_SAID = "not said"
DEBIAN_FORMAT = "${Package}\t${Version}\t${Architecture}\n"
_LICENCE = re.compile(r"^License: *(\S.*)$", re.MULTILINE)


def main(folder: Path) -> None:
    by_purl = {each["purl"]: each for each in (*python_packages(), *debian_packages())}
    found = [by_purl[purl] for purl in sorted(by_purl)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(bill(found), indent=1), "utf-8")
    lines = (f"{each['name']} {each['version']}: {licence_of(each)}\n" for each in found)
    (folder / "licences.txt").write_text("".join(lines), "utf-8")


def bill(components: list[Component]) -> dict[str, Any]:
    """The bill of materials of these components. It has no time and no serial number: equal images have equal bills."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "container", "name": "pressroom"}},
        "components": components,
    }


def python_packages() -> Iterator[Component]:
    for each in metadata.distributions():
        name = re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()
        yield _component(name, each.version, f"pkg:pypi/{name}@{each.version}", _python_licence(each.metadata))


def debian_packages() -> Iterator[Component]:
    """Empty where the image is not of Debian's family."""
    try:
        words = ["dpkg-query", "-W", "-f", DEBIAN_FORMAT]
        listed = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    except (OSError, subprocess.CalledProcessError):
        return
    for line in listed.stdout.splitlines():
        name, version, architecture = line.split("\t")
        yield _component(name, version, f"pkg:deb/debian/{name}@{version}?arch={architecture}", _debian_licence(name))


def licence_of(component: Component) -> str:
    """The licence in one line."""
    return next((each["license"]["name"] for each in component.get("licenses", [])), NOT_SAID)


def _component(name: str, version: str, purl: str, licence: str) -> Component:
    said = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, **said}


def _python_licence(about: metadata.PackageMetadata) -> str:
    classified = [
        each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or [] if each.startswith("License :: ")
    ]
    said = {name: about[name] for name in ("License", "License-Expression") if name in about}
    whole = said.get("License", "").strip()
    short = whole if whole and "\n" not in whole and len(whole) < 80 else ""
    return said.get("License-Expression") or short or ", ".join(classified)


def _debian_licence(name: str) -> str:
    try:
        text = Path(f"/usr/share/doc/{name}/copyright").read_text("utf-8", "replace")
    except OSError:
        return ""
    return ", ".join(sorted(set(_LICENCE.findall(text))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
