"""Tasks for the tests, here because a worker process has to import them by name."""

import ctypes
import time
from pathlib import Path
from typing import Any

from django.db import connection

from blogsite.tasks import GiveUp, policy, task


def write_line(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@task()
def note(path: str, line: str) -> str:
    write_line(path, line)
    return line


@task()
def note_after(path: str, seconds: float) -> None:
    """Says when it begins and when it ends."""
    write_line(path, "begins")
    time.sleep(seconds)
    write_line(path, "ends")


@task(takes_context=True)
def hang_once(context: Any, path: str) -> None:
    """Hangs at the first attempt, succeeds at the second."""
    write_line(path, f"attempt {context.attempt}")
    if context.attempt == 1:
        time.sleep(50)


@task()
@policy(attempts=3)
def fail(words: str = "no such thing") -> None:
    raise ValueError(words)


@task()
def fail_oddly() -> None:
    raise ValueError("a\0b\ud800c")


@task()
def give_up() -> None:
    raise GiveUp("not today, not ever")


@task()
def leave() -> None:
    raise SystemExit(3)


@task()
@policy(private=True)
def keep_secret(secret: str, fails: bool = False) -> None:
    if fails:
        raise ValueError("the mail could not be sent")


@task()
def answer(value: Any) -> Any:
    return value


@task()
def answer_nul() -> str:
    return "\0"


@task()
def answer_not_a_number() -> float:
    return float("nan")


@task()
def answer_object() -> object:
    return object()


@task()
@policy(attempts=1, time_limit=0.1)
def ask_slowly() -> None:
    """Waits for the database, which is not waiting in Python, and ignores what goes wrong."""
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200000)"
    slow = "SELECT pg_sleep(40)" if connection.vendor == "postgresql" else endless
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                slow if connection.vendor == "postgresql" else f"{slow} SELECT max(i) FROM n"
            )
    except Exception:
        return


@task()
def hang_in_c(path: str) -> None:
    """For ever inside one C function, where no Python signal handler runs."""
    write_line(path, "begins")
    library, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(128)
    library.pthread_mutex_init(mutex, None)
    for _twice in range(2):
        library.pthread_mutex_lock(mutex)
