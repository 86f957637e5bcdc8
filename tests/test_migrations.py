import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from tests.source import ROOT

pytestmark = pytest.mark.waits


@pytest.mark.seconds(180)
def test_migrations_go_there_and_back(django_db_setup, migrated):
    # In a process and a database of its own: half a migration must not meet the other tests.
    url = migrated.url(migrated.copy("there_and_back"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.there_and_back"],
        env=os.environ | {"DATABASE_URL": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)
