"""Code that comes and goes: what was loaded since is forgotten, what was there stays, and nothing holds on to it."""

from __future__ import annotations

import sys

from firmware.overlay import Overlay


class Module:
    pass


def test_what_is_in_a_package_goes_with_it() -> None:
    """A profile outlives the package of its class: what else was in there may not stay on the package."""
    resident = Module()
    sys.modules["emv.here"] = resident
    overlay = Overlay()
    package, loader = Module(), Module()
    package.loader = loader
    sys.modules["emv.here.package"] = resident.package = package
    sys.modules["emv.here.package.loader"] = loader
    overlay.release()
    assert not hasattr(package, "loader")
    assert not hasattr(resident, "package")
    assert sys.modules.pop("emv.here") is resident
    assert "emv.here.package" not in sys.modules
    assert "emv.here.package.loader" not in sys.modules
