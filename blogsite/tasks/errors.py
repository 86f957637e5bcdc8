"""What may go wrong with a task, in words an owner reads in the admin."""


class GiveUp(Exception):
    """Raised by a task that will never succeed: no further attempt, shown as failed."""


class WorkerLost(Exception):
    """Noted on a task whose worker stopped renewing its lease (killed, out of memory)."""


# The next two are raised inside a running task by a signal. Neither is an Exception, so that
# a task's own `except Exception` cannot swallow it; and as kinds of KeyboardInterrupt they make
# database drivers cancel the query they were waiting for, and leave the connection usable.


class TimeLimitReached(KeyboardInterrupt):
    """The task takes too long."""


class Interrupted(KeyboardInterrupt):
    """The worker has to leave before the task is done."""
