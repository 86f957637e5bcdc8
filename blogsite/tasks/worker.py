"""The loop that runs queued tasks, one at a time.

What happens when a task …
- raises: tried again with growing pauses, then FAILED, seen in the admin;
- raises GiveUp: FAILED at once;
- takes longer than its policy's time limit: TimeLimitReached is raised inside it, and that
  counts as a failed attempt;
- loses its worker (kill -9, power, memory): its lease runs out and another worker takes it.
And when the worker is asked to stop: the running task may finish for a few seconds, then
is interrupted and handed back.

More throughput means more worker processes, here or on other machines.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import FrameType

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)
from django.utils.crypto import get_random_string
from django_tasks.utils import normalize_json

from blogsite.limits import Unavailable
from blogsite.tasks.chores import enqueue_due_chores
from blogsite.tasks.models import QueuedTask
from blogsite.tasks.policy import GiveUp, Interrupted, TimeLimitReached
from blogsite.tasks.pulse import STOP_SIGNALS, Pulse

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
GRACE = 7.0  # seconds for the running task, once the worker was asked to stop: gone within 10
SHORTEST_REST, LONGEST_REST = 0.5, 3.0  # between two looks into an empty queue
LONGEST_WAIT = 30.0  # between two attempts to reach the database
SECONDS_BETWEEN_PRUNINGS = 600.0
SECONDS_BETWEEN_CHORES = 60.0  # between two looks for due ones
LEVELS = {"task.retried": logging.WARNING, "task.failed": logging.ERROR}


class Worker:
    def __init__(self, lease: timedelta = LEASE, grace: float = GRACE) -> None:
        self.lease = lease
        self.grace = grace
        self.id = f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(6)}"
        self.pulse = Pulse(lease, grace)
        self.stopping = self.busy = self.resting = False
        #: When to do again what is done from time to time.
        self.next = {"chores": time.monotonic() + SECONDS_BETWEEN_CHORES}

    def run(self) -> None:
        """Work until asked to stop."""
        rest, wait = SHORTEST_REST, 1.0
        while not self.stopping:
            try:
                worked = self.step()
                if not worked:
                    self._look_for_chores()
            except (DatabaseError, InterfaceError, Unavailable) as error:
                _log_waiting(error)
                self._rest(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            wait = 1.0
            rest = SHORTEST_REST if worked else min(rest * 1.4, LONGEST_REST)
            if not worked:
                self._rest(rest)

    def drain(self) -> int:
        """Run what is ready now, and what that enqueues; return how many runs there were."""
        runs = 0
        while not self.stopping and self.step():
            runs += 1
        return runs

    def step(self) -> bool:
        """Run the next ready task, or tidy up when there is none."""
        _drop_broken_connections()
        self._reclaim_sometimes()
        job = QueuedTask.objects.claim(self.id, self.lease)
        if job:
            self._work(job)
        else:
            self._prune_sometimes()
        return job is not None

    def _work(self, job: QueuedTask) -> None:
        began = time.monotonic()
        self.pulse.begin(job)
        try:
            outcome, error = self._attempt(job)
            event = self._settle(job, outcome)
        finally:
            self.pulse.end()
        seconds = round(time.monotonic() - began, 3)
        _log(event, job, error, seconds=seconds)

    def _attempt(self, job: QueuedTask) -> tuple[Callable[[], str], BaseException | None]:
        """Run the task; answer how to note what came of it."""
        try:
            with self._time_limit(job.policy.time_limit):
                value = normalize_json(job.call())
        except Interrupted:
            return job.hand_back, None
        except GiveUp as error:
            return partial(job.fail, error, final=True), error
        except (Exception, SystemExit, TimeLimitReached) as error:
            return partial(job.fail, error), error
        return partial(job.succeed, value), None

    def _settle(self, job: QueuedTask, outcome: Callable[[], str]) -> str:
        """Note the outcome, waiting out a database that is away for less than a lease."""
        patience = time.monotonic() + self.lease.total_seconds()
        while True:
            _drop_broken_connections()
            try:
                return outcome()
            # The task returned what this database cannot hold.
            except (DataError, IntegrityError, UnicodeError) as error:
                outcome = partial(job.fail, error)
            except (OperationalError, InterfaceError) as error:
                if time.monotonic() > patience:
                    raise
                _log_waiting(error)
                time.sleep(1)

    @contextmanager
    def _time_limit(self, seconds: float) -> Iterator[None]:
        handler = signal.signal(signal.SIGALRM, self._interrupt)
        timer = signal.setitimer(signal.ITIMER_REAL, seconds)
        self.busy = True
        try:
            if self.stopping:  # asked between the claim and here
                self._hurry()
            yield
        finally:
            self.busy = False
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, handler)

    def _interrupt(self, signum: int, frame: FrameType | None) -> None:
        if self.stopping:
            raise Interrupted
        raise TimeLimitReached("The task took longer than its time limit.")

    def _hurry(self) -> None:
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        signal.setitimer(signal.ITIMER_REAL, min(left, self.grace))

    @contextmanager
    def on_duty(self) -> Iterator[None]:
        """Renew leases, and stop on SIGTERM and SIGINT (at once when it comes twice)."""
        handlers = {number: signal.signal(number, self._stop) for number in STOP_SIGNALS}
        logger.info("worker.started", extra={"worker": self.id})
        try:
            with self.pulse:
                yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            logger.info("worker.stopped", extra={"worker": self.id})

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        if self.resting or (self.busy and self.stopping):
            self.stopping = True
            raise Interrupted
        self.stopping = True
        if self.busy:
            self._hurry()

    def _rest(self, seconds: float) -> None:
        try:
            self.resting = True
            if not self.stopping:
                time.sleep(seconds)
        except Interrupted:
            pass
        finally:
            self.resting = False

    def _is_time(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self.next.get(what, 0):
            return False
        self.next[what] = now + every
        return True

    def _reclaim_sometimes(self) -> None:
        """Look for tasks of dead workers, whether or not this one is idle."""
        if self._is_time("reclaim", self.lease.total_seconds() / 3):
            for job in QueuedTask.objects.lost():
                _log(job.lose(), job, lost=True)

    def _look_for_chores(self) -> None:
        if self._is_time("chores", SECONDS_BETWEEN_CHORES):
            enqueue_due_chores()

    def _prune_sometimes(self) -> None:
        if self._is_time("prune", SECONDS_BETWEEN_PRUNINGS):
            while not self.stopping and (deleted := QueuedTask.objects.prune()):
                logger.info("tasks.pruned", extra={"deleted": deleted})


def drain() -> int:
    """Run everything that is ready, here and now: for tests and scripts."""
    return Worker().drain()


def _drop_broken_connections() -> None:
    """As Django does around a request; but not inside a transaction, where tests drain."""
    if not connection.in_atomic_block:
        close_old_connections()


def _log_waiting(error: Exception) -> None:
    logger.warning("worker.waiting_for_database", extra={"error": str(error)})


def _log(
    event: str, job: QueuedTask, error: BaseException | None = None, **more: float | bool
) -> None:
    facts = {"task_id": str(job.pk), "task": job.short_name, "attempt": job.attempts, **more}
    logger.log(LEVELS.get(event, logging.INFO), event, extra=facts, exc_info=error)
