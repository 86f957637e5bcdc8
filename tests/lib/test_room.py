import resource
import threading

import pytest

from blogsite.lib.room import roomy

CALLS = 300


def nothing() -> None:
    pass


def most_pages_asked_for(depths: range) -> int:
    """Of all depths calls may begin at, the one where they ask the system for most."""

    def at(depth: int) -> int:
        if depth:
            return at(depth - 1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(CALLS):
            nothing()
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    return max(at(depth) for depth in depths)


def in_a_thread(function):
    """Whose frames begin in a piece of memory of their own."""
    found = []
    thread = threading.Thread(target=lambda: found.append(function(range(300))))
    thread.start()
    thread.join()
    return found[0]


def test_with_room_no_call_asks_the_system_for_memory():
    assert in_a_thread(roomy(most_pages_asked_for)) < CALLS


def test_arguments_answers_and_errors_pass():
    assert roomy(divmod)(7, 2) == (3, 1)
    assert roomy(dict)([("a", 1)], b=2) == {"a": 1, "b": 2}
    with pytest.raises(ZeroDivisionError):
        roomy(divmod)(1, 0)
