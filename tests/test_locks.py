"""The lock files: in step with pyproject.toml, installable anywhere, pointing nowhere."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source import PRODUCT, ROOT, imports, python_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
LOCKS = {"requirements.txt": RUNTIME, "requirements-dev.txt": RUNTIME + DEVELOPMENT}


def pins(lock: str) -> dict[str, Version]:
    found = re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / lock).read_text(), re.M)
    return {name: Version(version) for name, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_place(lock):
    """No index, no mirror, no folder of the machine that compiled it."""
    text = (ROOT / lock).read_text()
    assert (
        re.findall(r"^.*(?:://|--index|--extra|--find|--trusted|file:|@ |/home/).*$", text, re.M)
        == []
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_the_project_asks_for(lock):
    pinned = pins(lock)
    asked = [Requirement(line) for line in LOCKS[lock]]
    assert [str(one) for one in asked if pinned.get(one.name) not in one.specifier] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.M)[1:]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_development_tests_what_production_runs():
    development = pins("requirements-dev.txt")
    assert {name: development.get(name) for name in pins("requirements.txt")} == pins(
        "requirements.txt"
    )


def test_what_the_product_imports_is_declared():
    declared = {canonicalize_name(Requirement(line).name) for line in RUNTIME}
    packages = packages_distributions()
    modules = {name.split(".")[0] for path in python_files(*PRODUCT) for name in imports(path)}
    foreign = modules - set(sys.stdlib_module_names) - set(PRODUCT)
    owners = {
        module: {canonicalize_name(d) for d in packages.get(module, [])} for module in foreign
    }
    assert [module for module in foreign if not owners[module] & declared] == []
