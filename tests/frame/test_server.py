"""The web line of the Procfile, as a platform runs it."""

import http.client
import os
import re
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.frame.server import Server, serving

pytestmark = pytest.mark.waits


def test_health_answers(server):
    assert server.json("/health") == {"status": "ok"}
    assert server.json("/health/ready")["status"] == "ok"


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_probes_may_say_anything(server, path):
    response = server.get(path, Host="10.1.2.3:8000", X_Forwarded_Proto="http")
    assert response.status == 200


def test_head_on_health_has_no_body(server):
    response = server.get("/health", method="HEAD")
    assert (response.status, response.text) == (200, b"")


def test_sign_in_page_has_its_static_files_hashed_compressed_and_kept(server):
    page = server.get("/admin/login/")
    assert page.status == 200
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page.text.decode())
    assert sheets
    for sheet in sheets:
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
        response = server.get(sheet, Accept_Encoding="br, gzip")
        assert response.status == 200
        assert response.headers["Content-Encoding"] == "br"
        assert "immutable" in response.headers["Cache-Control"]


def test_scripts_import_each_other_by_hashed_names(static_root):
    scripts = list(Path(static_root).glob("js/**/*.????????????.js"))
    assert scripts
    for script in scripts:
        for name in re.findall(r"""(?:from|import)\s*["'](\.[^"']+)["']""", script.read_text()):
            assert re.search(r"\.[0-9a-f]{12}\.js$", name), f"{script.name} imports {name}"


def test_home_is_served_with_every_header(server):
    response = server.get("/")
    assert response.status == 200
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    desk = server.get("/admin/login/").headers
    assert desk["Cross-Origin-Opener-Policy"] == "same-origin"
    assert desk["X-Frame-Options"] == "DENY"


def test_every_line_is_one_event_and_carries_its_request(server):
    server.get("/admin/login/", X_Request_ID="frame-test-0001")
    time.sleep(0.1)
    lines = [event for event in server.events() if event.get("request_id") == "frame-test-0001"]
    assert [line["logger"] for line in lines] == ["blogsite.access"]
    assert {"time", "level", "logger", "message"} <= set(lines[0])


@pytest.fixture(scope="module")
def mounted(static_root, database_url):
    under = {"SCRIPT_NAME": "/blog", "ALLOWED_HOSTS": "localhost"}
    with serving(STATIC_ROOT=static_root, DATABASE_URL=database_url, **under) as server:
        server.wait("/health/ready")
        yield server


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/blog/health", "/blog/health/ready"])
def test_under_a_prefix_probes_answer_with_and_without_it(mounted, path):
    assert mounted.get(path).status == 200


@pytest.mark.parametrize("path", ["/admin/login/", "/blog/admin/login/"])
def test_under_a_prefix_pages_work_stripped_or_not(mounted, path):
    page = mounted.get(path)
    assert page.status == 200
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text.decode())
    assert links
    assert all(link.startswith("/blog/") for link in links)
    cookies = page.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Path=/blog/" in cookie for cookie in cookies)


def test_under_a_prefix_static_files_work_stripped_or_not(mounted):
    page = mounted.get("/blog/admin/login/").text.decode()
    sheet = re.search(r'href="(/blog/static/[^"]+\.css)"', page)[1]
    assert mounted.get(sheet).status == 200
    assert mounted.get(sheet.removeprefix("/blog")).status == 200


def test_under_a_prefix_redirects_keep_it(mounted):
    response = mounted.get("/blog/admin/")
    assert response.status == 302
    assert response.headers["Location"].startswith("/blog/admin/login/")


def processes(parent: int) -> dict[int, str]:
    """Children of a process, by what they were started with."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                line = Path(f"/proc/{entry}/cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if int(stat[1]) == parent and stat[0] != "Z":
                found[int(entry)] = line
    return found


def companion_and_worker(server, other_than: int = 0) -> tuple[int, int]:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        for companion, line in processes(server.process.pid).items():
            if "blogsite.companion" in line:
                workers = [pid for pid, line in processes(companion).items() if "worker" in line]
                if workers and workers[0] != other_than:
                    return companion, workers[0]
        time.sleep(0.1)
    raise AssertionError("no worker:\n" + "\n".join(server.lines()[-20:]))


def gone(pid: int, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def with_worker(static_root, database_url):
    """Started as on Heroku, which asks gunicorn for a log of its own."""
    heroku = {"GUNICORN_CMD_ARGS": "--access-logfile -", "WORKER": "true"}
    with serving(STATIC_ROOT=static_root, DATABASE_URL=database_url, **heroku) as server:
        yield server


@dataclass
class Ended:
    """What was seen of a server that was asked to stop while it had company."""

    server: Server
    companion: int
    worker: int
    late_answer: bytes
    seconds: float


@pytest.fixture(scope="module")
def ended(with_worker) -> Ended:
    with_worker.get("/admin/login/")
    companion, worker = companion_and_worker(with_worker)
    here = ("127.0.0.1", with_worker.port)
    kept = http.client.HTTPConnection(*here)
    kept.request("GET", "/health")
    assert kept.getresponse().read()
    with socket.create_connection(here) as slow:
        slow.sendall(
            b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\na="
        )
        time.sleep(0.5)
        began = time.monotonic()
        with_worker.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        slow.sendall(b"bc")
        late_answer = slow.recv(100)
    with_worker.process.wait(30)
    seconds = time.monotonic() - began
    kept.close()
    return Ended(with_worker, companion, worker, late_answer, seconds)


def test_a_killed_worker_is_replaced_and_ends_with_a_killed_server(static_root, database_url):
    with serving(STATIC_ROOT=static_root, DATABASE_URL=database_url, WORKER="true") as server:
        _companion, worker = companion_and_worker(server)
        os.kill(worker, signal.SIGKILL)
        companion, other = companion_and_worker(server, other_than=worker)
        assert other != worker
        server.process.kill()
        assert gone(companion), "a companion outlived a server that was killed"
        assert gone(other), "a worker outlived a server that was killed"


def test_requests_are_told_once_whatever_heroku_wants(ended):
    told = [event for event in ended.server.events() if "GET /admin/login/" in event["message"]]
    assert len(told) == 1


def test_sigterm_ends_it_in_time_with_a_connection_kept_open(ended):
    assert ended.seconds < 10
    assert ended.server.process.returncode == 0
    said = [line for line in ended.server.events() if not line["message"].startswith("worker.")]
    assert said[-1]["message"] == "Shutting down: Master"


def test_sigterm_lets_a_request_finish(ended):
    assert ended.late_answer.startswith(b"HTTP/1.1 403")


def test_the_worker_ends_with_the_server(ended):
    assert gone(ended.companion)
    assert gone(ended.worker)


def test_without_a_word_there_is_no_worker(server):
    assert not [line for line in processes(server.process.pid).values() if "companion" in line]
