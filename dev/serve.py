"""`make run-dev` and `make run-live`: prepare, say where, run until stopped.

Both run in the foreground; Ctrl-C or `make kill` ends them and everything they started.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from blogsite import env
from dev import records
from dev.processes import end_with_parent, port_is_free, stop

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".dev"
MANAGE = [sys.executable, "manage.py"]


def main() -> None:
    mode = sys.argv[1]
    if mode == "development":
        os.environ["ENV"] = mode
        env.read_file(ROOT / (os.environ.get("ENV_FILE") or ".env"))
    port = choose_port(os.environ.get("PORT"))
    STATE.mkdir(exist_ok=True)
    sys.exit({"development": development, "production": production}[mode](port))


def development(port: int) -> int:
    os.environ.update(PORT=str(port), DJANGO_RUNSERVER_HIDE_WARNING="true")
    prepare(*MANAGE, "migrate", "--verbosity=0")
    prepare(*MANAGE, "seed_demo")
    say_where(port, "Pages show every change at once.", "owner@example.org")
    return serve(
        [*MANAGE, "runserver", f"127.0.0.1:{port}"],
        [*MANAGE, "worker"],
    )


def production(port: int) -> int:
    """The very lines of the Procfile, with what a platform would set."""
    os.environ.update(
        ENV="production",
        PORT=str(port),
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    )
    for name, value in {
        "SECRET_KEY": secret_key(),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "TRUSTED_PROXY_COUNT": "0",
        "WORKER": "true",
    }.items():
        os.environ.setdefault(name, value)
    prepare(*MANAGE, "collectstatic", "--noinput", "--verbosity=0")
    lines = procfile()
    prepare(*lines["release"])
    say_where(port, "These are production settings.", "somebody `make run-dev` or you created")
    return serve(lines["web"])


def choose_port(wanted: str | None) -> int:
    if wanted:
        number = int(wanted) if re.fullmatch("[0-9]{1,5}", wanted) else 0
        if not 0 < number < 2**16 or not port_is_free(number):
            sys.exit(f"Port {wanted} cannot be used here. Free it, or choose another: PORT=8001")
        return number
    free = next((port for port in range(8000, 8100) if port_is_free(port)), None)
    return free or sys.exit("Every port from 8000 to 8099 is taken. Choose another: PORT=9000")


def procfile() -> dict[str, list[str]]:
    lines = (line.partition(":") for line in (ROOT / "Procfile").read_text().splitlines())
    return {name: shlex.split(os.path.expandvars(command)) for name, _colon, command in lines}


def secret_key() -> str:
    """Made once and kept, so that sessions outlive a restart."""
    path = STATE / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def prepare(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


def say_where(port: int, remark: str, who: str) -> None:
    print(f"\n  Blogsite   http://localhost:{port}/     {remark}")
    print(f"  Sign in    http://localhost:{port}/admin/     as {who}")
    password = STATE / "owner-password"
    if password.exists():
        print(f"  Password   in {password.relative_to(ROOT)}")
    print("  Stop       Ctrl-C, or `make kill` from elsewhere\n", flush=True)


def serve(*commands: list[str]) -> int:
    """Run the commands until the first of them ends or we are stopped; leave none behind."""
    # `make kill` takes the same way out as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    children = [
        subprocess.Popen(command, cwd=ROOT, preexec_fn=end_with_parent) for command in commands
    ]
    with records.kept(STATE, [os.getpid(), *(child.pid for child in children)]):
        try:
            return children[0].wait()
        except KeyboardInterrupt:
            return 0
        finally:
            for child in children:
                stop(child, by=signal.SIGTERM)


if __name__ == "__main__":
    main()
