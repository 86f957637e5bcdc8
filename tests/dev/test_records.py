import json
import os
import subprocess
import sys

import pytest

from dev import kill, records


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def record_of(sleeper, folder, start):
    record = folder / "run-1.json"
    record.write_text(json.dumps({str(sleeper.pid): start}))
    return record


def test_record_stands_while_its_processes_run(tmp_path, sleeper):
    with records.kept(tmp_path, [os.getpid(), sleeper.pid]):
        (record,) = tmp_path.glob("run-*.json")
        assert records.living(record) == [os.getpid(), sleeper.pid]
    assert list(tmp_path.iterdir()) == []


def test_process_that_ended_is_not_living(tmp_path, sleeper):
    record = record_of(sleeper, tmp_path, records.started(sleeper.pid))
    sleeper.kill()
    sleeper.wait()
    assert records.living(record) == []


def test_kill_ends_what_was_recorded(tmp_path, sleeper, capsys):
    record = record_of(sleeper, tmp_path, records.started(sleeper.pid))
    kill.end(record)
    assert sleeper.wait(timeout=5) < 0
    assert not record.exists()
    assert str(sleeper.pid) in capsys.readouterr().out


def test_kill_spares_a_stranger_with_the_same_number(tmp_path, sleeper):
    record = record_of(sleeper, tmp_path, "an earlier start")
    kill.end(record)
    assert sleeper.poll() is None
    assert not record.exists()
