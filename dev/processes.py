"""What every little server started for development or tests has in common."""

from __future__ import annotations

import ctypes
import os
import pwd
import random
import signal
import socket
import subprocess
import sys


def free_port() -> int:
    """A free loopback port below 32768, where no outgoing connection can take it meanwhile."""
    while True:
        port = random.randint(20_000, 32_000)
        if port_is_free(port):
            return port


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run a server as that refuses root: nobody, or None when we are not root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def end_with_parent() -> None:
    """For preexec_fn: on Linux a child gets SIGTERM when whoever started it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 = PR_SET_PDEATHSIG


def stop(server: subprocess.Popen, by: signal.Signals = signal.SIGINT, seconds: float = 15) -> None:
    """Ask first. SIGINT is what PostgreSQL takes as "end the sessions and wait for nothing"."""
    if server.poll() is not None:
        return
    server.send_signal(by)
    try:
        server.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
