"""A thread beside the worker that keeps its lease, and ends the process when it is stuck.

The lease is short (45 s) and renewed, rather than longer than the longest task: so a
worker that was killed is noticed within a minute, and a task may still take an hour.

Python runs signal handlers in the main thread only, between two steps of Python code. A
task deep in C (decoding a picture) would not hear SIGTERM. This thread hears it at once,
by the wake-up file descriptor, and has the last word.
"""

import logging
import os
import select
import signal
import threading
import time
from datetime import timedelta
from math import inf

from django.db import connection

from blogsite.tasks.models import QueuedTask

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
SECONDS_TO_UNWIND = 2.0  # after the running task was interrupted
SECONDS_OVER_LIMIT = 30.0  # beyond the task's time limit, which raises inside the task first


class Pulse(threading.Thread):
    def __init__(self, lease: timedelta, grace: float) -> None:
        super().__init__(name="pulse", daemon=True)
        self.lease = lease
        self.seconds_to_stop = grace + SECONDS_TO_UNWIND
        self.job: QueuedTask | None = None
        self.stuck_at = inf
        self.stop_at = inf
        self.leaving = False

    def __enter__(self) -> "Pulse":
        """Start the thread and hear signals. Only the main thread may do this."""
        self.ear, self.mouth = os.pipe()
        os.set_blocking(self.mouth, False)
        signal.set_wakeup_fd(self.mouth)
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.leaving = True
        signal.set_wakeup_fd(-1)
        os.write(self.mouth, b"\0")
        self.join()
        os.close(self.ear)
        os.close(self.mouth)

    def begin(self, job: QueuedTask) -> None:
        self.stuck_at = time.monotonic() + job.policy.time_limit + SECONDS_OVER_LIMIT
        self.job = job

    def end(self) -> None:
        self.job, self.stuck_at = None, inf

    def run(self) -> None:
        while not self.leaving:
            self._hear(timeout=self._seconds_until_next())
            if time.monotonic() >= min(self.stuck_at, self.stop_at):
                self._end_process()
            if job := self.job:
                self._renew(job)

    def _seconds_until_next(self) -> float:
        until_stop = min(self.stuck_at, self.stop_at) - time.monotonic()
        return max(0.0, min(self.lease.total_seconds() / 3, until_stop))

    def _hear(self, timeout: float) -> None:
        heard, _, _ = select.select([self.ear], [], [], timeout)
        if heard and set(os.read(self.ear, 64)) & set(STOP_SIGNALS):
            self.stop_at = min(self.stop_at, time.monotonic() + self.seconds_to_stop)

    def _renew(self, job: QueuedTask) -> None:
        try:
            if not job.renew(self.lease) and self.job is job:
                logger.warning("task.superseded", extra={"task_id": str(job.pk)})
                self.job = None
        except Exception as error:  # whatever it is, the next beat must come
            logger.warning("lease.not_renewed", extra={"error": str(error)})
        finally:
            connection.close()

    def _end_process(self) -> None:
        """Leave without clean-up; what was uncommitted is rolled back, the lease runs out."""
        task_id = str(self.job.pk) if self.job else None
        logger.critical("worker.killed_itself", extra={"task_id": task_id})
        logging.shutdown()
        os._exit(1)
