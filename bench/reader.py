"""A reader with one open connection who asks again as soon as the answer is there."""

from __future__ import annotations

import http.client

from bench.server import Server

ROUNDS = 3
HEADERS = {
    "Host": "localhost",
    "Accept-Encoding": "gzip",
    # A person's browser: its views are counted.
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
}


def read(
    server: Server, path: str, headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers=HEADERS | (headers or {}))
    answer = connection.getresponse()
    assert answer.status == 200, f"{path} answered {answer.status}"
    return answer


def costs(times: int, *asked: tuple[Server, str]) -> list[float]:
    """Microseconds of the server's processor for one answer, of each server and path.

    They take turns, so that whatever else the machine does hits all alike; the best round counts.
    """
    for server, path in asked:
        ask_often(server, path, max(times // 10, 5))
    rounds = [
        [ask_often(server, path, times) for server, path in asked] for _round in range(ROUNDS)
    ]
    return [min(column) for column in zip(*rounds, strict=True)]


def ask_often(server: Server, path: str, times: int) -> float:
    headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    asking = f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.connect()
    before = server.processor_seconds()
    for _time in range(times):
        connection.sock.sendall(asking)
        answer = http.client.HTTPResponse(connection.sock)
        answer.begin()
        assert answer.status == 200, answer.status
        answer.read()
    spent = server.processor_seconds() - before
    connection.close()
    return spent / times * 1e6
