from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from blogsite.lib import net
from tests.web import Web, dripping, loopback, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], list[str]]]:
    """A name server: the addresses of a name, made anew for each question."""
    known: dict[str, Callable[[], list[str]]] = {}
    real = socket.getaddrinfo

    def answer(host: str, port: int, *args: int, **rules: int) -> list:
        if host not in known:
            return real(host, port, *args, **rules)
        return [entry for ip in known[host]() for entry in real(ip, port, *args, **rules)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    return lambda seconds: monkeypatch.setattr(net, "SECONDS", seconds)


def get(url: str, **rules) -> net.Answer:
    return net.get(url, judge=loopback, **rules)


def test_answer_has_status_headers_and_address(web):
    url = web.says("/", 203, b"hello", X_Mood="calm")
    answer = get(url)
    assert (answer.status, answer.url) == (203, url)
    assert answer.headers["x-mood"] == "calm"


def test_headers_are_sent(web):
    get(web.says("/"), method="HEAD", headers={"User-Agent": "tests"})
    assert web.requests == ["HEAD /"]
    assert web.heard[0]["User-Agent"] == "tests"
    assert web.heard[0]["Host"] == f"127.0.0.1:{web.port}"


def test_words_of_other_scripts_in_an_address_are_written_in_ascii(web):
    web.says("/gr%C3%BC%C3%9Fe?q=%C3%A4%20b&c=%20", 200)
    assert get(web.url("/grüße?q=ä%20b&c=%20#top")).status == 200


# -- what is never asked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "198.18.0.1", "192.0.2.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
        "64:ff9b::808:808", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:808:808::",
        "2001:0:1::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1",
        "ff02::1", "4000::1", "3fff::1", "192.88.99.1",
    ],
)  # fmt: skip
def test_addresses_near_us_are_not_public(address):
    assert net.is_public(address) is False


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"])
def test_addresses_of_the_open_internet_are_public(address):
    assert net.is_public(address) is True


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"],
)
def test_this_machine_is_refused_however_it_is_written(web, host):
    web.says("/")
    with pytest.raises(net.Refused, match="private network"):
        net.get(web.url("/", host=host))
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/", "",
        "http://", "http://user:word@example.org/", "http://@example.org/", "http://a b/",
        "http://good.example\\@127.0.0.1/", "http://example.org:70000/", "http://example.org:x/",
        "http://example.org:25/", "http://example.org:22/", "http://example.org:0/", "http://[::1/",
        "http://" + "a" * 70 + ".example/", "http://a..b/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_for_us_are_refused_before_a_name_is_looked_up(monkeypatch, url):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **rules: pytest.fail("looked up"))
    with pytest.raises(net.Refused):
        get(url)


def test_name_with_a_private_address_among_public_ones_is_refused(web, names):
    names["both.example"] = lambda: ["127.0.0.1", "10.0.0.1"]
    web.says("/")
    with pytest.raises(net.Refused):
        get(web.url("/", host="both.example"))
    assert web.asked == []


def test_second_answer_of_the_name_server_counts_for_nothing(web, names):
    """The judged address is the one that is called, whatever the name means a moment later."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    names["turning.example"] = lambda: next(answers)
    assert get(web.says("/").replace("127.0.0.1", "turning.example")).status == 200
    assert web.heard[0]["Host"] == f"turning.example:{web.port}"
    with pytest.raises(net.Refused):
        get(web.url("/", host="turning.example"))


def test_next_address_is_tried_when_the_first_does_not_answer(web, names, monkeypatch):
    names["two.example"] = lambda: ["127.0.0.9", "127.0.0.1"]  # the server hears one of them
    web.says("/")
    answer = net.get(web.url("/", host="two.example"), judge=lambda ip: ip.startswith("127."))
    assert answer.status == 200


# -- redirects -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", net.REDIRECTS)
def test_redirect_is_followed(web, status):
    answer = get(web.says("/old", status, Location="new?a=b"), method="GET")
    assert answer.status == 404
    assert answer.url == web.url("/new?a=b")
    web.says("/new?a=b", 204)
    assert get(web.url("/old")).status == 204


def test_redirect_into_a_private_network_is_refused(web, names):
    names["inside.example"] = lambda: ["10.0.0.1"]
    for target in ("http://127.0.0.2:8000/", "http://inside.example/", "http://[::1]:8000/"):
        with pytest.raises(net.Refused, match="private network"):
            get(web.says("/", 302, Location=target))


def test_redirect_to_another_scheme_or_port_is_refused(web):
    bad = ("file:///etc/passwd", "http://127.0.0.1:25/", "http://me@127.0.0.1:8000/", "http://[")
    for target in bad:
        with pytest.raises(net.Refused):
            get(web.says("/", 302, Location=target))


def test_redirects_end_somewhere(web):
    url = web.says("/", 302, Location="/")
    with pytest.raises(net.Unreachable, match="redirects too often"):
        get(url)
    assert len(web.asked) == net.MOST_REDIRECTS + 1


def test_redirect_to_nowhere_in_particular_is_the_answer(web):
    assert get(web.says("/", 302)).status == 302


# -- time ------------------------------------------------------------------------------------


def test_endless_body_is_not_waited_for():
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x", 0.1) as url:
        began = time.monotonic()
        assert get(url).status == 200
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
    ],
)
def test_time_limit_is_for_everything_together(patience, first, drop):
    """Each drop comes well within the limit; all of them never end."""
    patience(0.6)
    began = time.monotonic()
    with dripping(first, drop, 0.1) as url, pytest.raises(net.Unreachable, match="in time"):
        get(url)
    assert 0.5 < time.monotonic() - began < 10


def test_silent_server_and_slow_name_server_end_in_time(names, web, patience):
    patience(0.3)
    with dripping(b"", b"", 9) as url, pytest.raises(net.Unreachable, match="No answer in time"):
        get(url)
    names["slow.example"] = lambda: time.sleep(5) or ["127.0.0.1"]
    began = time.monotonic()
    with pytest.raises(net.Unreachable, match="name server"):
        get(web.url("/", host="slow.example"))
    assert time.monotonic() - began < 4


def test_redirects_share_one_time_limit(web, patience, monkeypatch):
    patience(0.5)
    monkeypatch.setattr(net, "MOST_REDIRECTS", 50)

    def slowly(method: str) -> tuple[int, dict[str, str], bytes]:
        time.sleep(0.2)
        return 302, {"Location": "/"}, b""

    web.replies["/"] = slowly
    with pytest.raises(net.Unreachable, match="in time"):
        get(web.url("/"))


# -- failures in words -----------------------------------------------------------------------


def test_closed_port_is_unreachable():
    with serving() as web:
        url = web.url("/")
    with pytest.raises(net.Unreachable, match="Nobody answers"):
        get(url)


def test_unknown_name_and_dumb_name_server_are_told_apart(names):
    def fails(code: int) -> Callable[[], list[str]]:
        def answer() -> list[str]:
            raise socket.gaierror(code, "no")

        return answer

    names["gone.example"] = fails(socket.EAI_NONAME)
    names["later.example"] = fails(socket.EAI_AGAIN)
    with pytest.raises(net.NoSuchHost):
        get("http://gone.example/")
    with pytest.raises(net.Unreachable, match="name server") as caught:
        get("http://later.example/")
    assert not isinstance(caught.value, net.NoSuchHost)


def test_noise_instead_of_http_is_unreachable():
    noise = dripping(b"SSH-2.0-OpenSSH\r\n", b"\r\n", 0.05)
    with noise as url, pytest.raises(net.Unreachable, match="broke off"):
        get(url)


# -- TLS -------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path) -> str:
    """Made here, for one name only."""
    path = str(tmp_path / "name.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=safe.example", "-addext", "subjectAltName=DNS:safe.example"]
    files = ["-keyout", path, "-out", path + ".crt"]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    with open(path, "a") as both, open(path + ".crt") as public:
        both.write(public.read())
    return path


def test_certificate_is_checked_for_the_name_that_was_asked(certificate, names, monkeypatch):
    names["safe.example"] = names["other.example"] = lambda: ["127.0.0.1"]
    with serving(certificate) as web:
        web.says("/")
        safe = web.url("/", host="safe.example", scheme="https")
        with pytest.raises(net.Unreachable, match="certificate"):
            get(safe)
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        assert get(safe).status == 200
        assert web.heard[0]["Host"] == f"safe.example:{web.port}"
        with pytest.raises(net.Unreachable, match="certificate"):
            get(web.url("/", host="other.example", scheme="https"))


def test_tls_server_that_never_shakes_hands_ends_in_time(patience):
    patience(0.5)
    with dripping(b"", b"\x16", 0.1) as url:
        began = time.monotonic()
        with pytest.raises(net.Unreachable):
            get(url.replace("http:", "https:"))
    assert time.monotonic() - began < 10
