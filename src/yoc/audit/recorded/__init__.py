"""What the tests of this package tried, as `make evidence` recorded it: `tests.json`, which a wheel carries too.

The record names the state of the code that was tested, by hash. It is no part of the code, so that recording it changes
no run.
"""

import json
from importlib import metadata, resources
from typing import Any

RECORD = "tests.json"
SCHEMA = "yoc-tests/1"


def recorded_tests() -> dict[str, Any]:
    """The record that came with this package.

    >>> recorded_tests()["schema"]
    'yoc-tests/1'
    """
    text = resources.files("yoc.audit.recorded").joinpath(RECORD).read_text(encoding="utf-8")
    return dict(json.loads(text))


def version_here(name: str) -> str:
    """The version of a package that is installed here; nothing where it is not.

    >>> version_here("no-such-package")
    ''
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
