"""The software bill of materials of the program, as CycloneDX 1.6 (OWASP, 2024): `python .ci/sbom.py OUT.json`.

Whoever passes the program on, or must know whether a fault in a library concerns it, reads there what it contains.
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from drawapp import __version__
from drawapp.licenses import COMPONENTS, Component, version_of


def described(component: Component) -> dict[str, Any]:
    """One component as CycloneDX describes it."""
    version = version_of(component)
    entry: dict[str, Any] = {"type": "data" if component.name == "training examples" else "library"}
    entry["name"] = component.package or component.name
    if version:
        entry["version"] = version
    entry["licenses"] = [{"expression": component.license}]
    if component.package and version:
        entry["bom-ref"] = entry["purl"] = f"pkg:pypi/{component.package}@{version}"
    return entry


def bill() -> dict[str, Any]:
    """The whole bill. It has no time and no random number, so that two builds of one commit have the same."""
    own, *others = COMPONENTS
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "drawapp",
                "version": __version__,
                "licenses": [{"expression": own.license}],
            }
        },
        "components": [described(component) for component in others],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(bill(), indent=1) + "\n", encoding="utf-8")
