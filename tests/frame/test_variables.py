"""The settings, the example file and the page for operators name the same variables."""

import re

import pytest

from blogsite import settings
from tests.frame.environment import ROOT, settings_with

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def test_the_example_names_every_variable():
    assert set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", EXAMPLE, re.M)) == settings.read.names


def test_the_page_for_operators_names_every_variable():
    assert set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", OPERATIONS, re.M)) == settings.read.names


def test_the_example_sets_nothing_by_itself():
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("# ")] == []


def test_every_value_of_the_example_is_a_right_one():
    values = dict(re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE, re.M))
    assert settings_with(**values).ENV == "development"


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_variables_are_read_whatever_the_environment(environment):
    assert settings_with(ENV=environment).read.names == settings.read.names


def test_the_page_for_operators_names_every_check():
    source = (ROOT / "blogsite" / "checks.py").read_text()
    known = re.findall(r'^@check\(\s*"([EW]\d+)"', source, re.M)
    assert set(known) == set(re.findall(r"`blogsite\.([EW]\d+)`", OPERATIONS))
    assert len(known) == len(set(known)) == source.count("\n@check(")
