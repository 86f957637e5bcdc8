"""Writers and readers at once, rollbacks among them: in the end every page tells the truth."""

import random
import time
from collections import Counter
from threading import Event, Lock

import pytest

from blogsite.pagecache import stamp_address, stamping, touch
from blogsite.pagecache.models import PageStamp
from tests.pagecache import sample
from tests.pagecache.reader import ask
from tests.pagecache.threads import people

PAGES = range(1, 5)
SECONDS = 2.5


class ChangedMind(Exception):
    pass


@pytest.fixture
def committed_touches():
    return Counter()


def one_transaction(dice: random.Random, number: int, text: str) -> list[str]:
    """Writes one page, perhaps another inside a savepoint, perhaps nothing in the end."""
    moved = [f"post:{number}", "lists"]
    with stamping():
        sample.write(number, text)
        other = dice.choice(PAGES)
        try:
            with stamping():
                touch(f"author:{other}")
                if dice.random() < 0.5:
                    raise ChangedMind
            moved.append(f"author:{other}")
        except ChangedMind:
            pass
        if dice.random() < 0.3:
            raise ChangedMind
    return moved


def test_every_page_tells_the_truth_in_the_end(new_process, committed_touches):
    processes, ended, lock = [new_process(), new_process()], Event(), Lock()
    for number in PAGES:
        sample.write(number, f"first {number}")

    def write_on(seed: int) -> None:
        dice = random.Random(seed)
        while not ended.is_set():
            try:
                moved = one_transaction(dice, dice.choice(PAGES), f"{seed}:{dice.random()}")
            except ChangedMind:
                continue
            with lock:
                committed_touches.update(moved)
            time.sleep(dice.random() / 50)

    def read_on(seed: int) -> None:
        dice = random.Random(seed)
        while not ended.is_set():
            address = dice.choice(["/", *(f"/{number}/" for number in PAGES)])
            address = stamp_address(address) if dice.random() < 0.1 else address
            assert ask(dice.choice(processes), address).status == 200
            time.sleep(dice.random() / 100)

    with people(6) as start:
        for seed in range(3):
            start(write_on, seed)
            start(read_on, seed)
        time.sleep(SECONDS)
        ended.set()
    for process in processes:
        while not process.watcher.catch_up(time.monotonic()):
            pass
    truth = {one.pk - sample.BEYOND: one.name for one in sample.texts()}
    for process in processes:
        assert ask(process, "/").text == " ".join(truth[number] for number in PAGES)
        for number in PAGES:
            assert ask(process, f"/{number}/").text.startswith(f"{truth[number]} ")
    versions = Counter(dict(PageStamp.objects.values_list("key", "version")))
    first = Counter([*(f"post:{number}" for number in PAGES), *["lists"] * len(PAGES)])
    assert versions - first == committed_touches
    assert committed_touches["lists"] > 5
