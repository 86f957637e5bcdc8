import gzip
import hashlib
import os
import re
from base64 import b64encode

import brotli
import pytest
from django.db import OperationalError, connection

from blogsite.site import look
from blogsite.site.colour import ENOUGH, from_hex
from blogsite.site.models import DEFAULT_ACCENT, SiteSettings


def hexes() -> list[str]:
    """Colours all around the screen's cube, greys, black and white included."""
    steps = ("00", "40", "80", "c0", "ff")
    return [f"#{r}{g}{b}" for r in steps for g in steps for b in steps]


def away(execute, sql, params, many, context):
    raise OperationalError("the server closed the connection")


@pytest.mark.parametrize("paper", ["warm", "cool"])
def test_every_accent_can_be_read_by_day_and_by_night(paper):
    unreadable = [
        accent
        for accent in hexes()
        if min((seen := look.readability(accent, paper)).by_day, seen.by_night) < ENOUGH
    ]
    assert unreadable == []


def test_readability_tells_a_picked_colour_that_is_too_pale():
    assert not look.readability("#ffd54a", "warm").was_readable
    assert look.readability(DEFAULT_ACCENT, "warm").was_readable


def test_hue_of_the_picked_colour_survives():
    for accent in ("#ffd54a", "#12456b", "#00ff00"):
        assert look.accent_by_day(accent).hue == from_hex(accent).hue


def test_lightness_here_is_the_lightness_of_the_tokens():
    tokens = look._read("tokens")

    def pair(name: str) -> list[tuple[float, ...]]:
        (line,) = re.findall(rf"--{name}:light-dark\((.*)\);", tokens)
        return [tuple(map(float, c)) for c in re.findall(r"oklch\((\S+) (\S+) var\(--n\)", line)]

    assert pair("paper") == [look.PAPER_BY_DAY, look.PAPER_BY_NIGHT]
    assert pair("sunk") == [look.SUNK_BY_DAY, look.SUNK_BY_NIGHT]
    day, night = (f"{light:g}"[1:] for light in (look.ACCENT_BY_DAY, look.ACCENT_BY_NIGHT))
    assert f"--accent:light-dark(oklch({day} var(--c)" in tokens
    assert f"oklch({night} calc(var(--c)*.8) var(--h)))" in tokens


def test_sheet_ends_with_the_owners_numbers():
    css = look.sheet("#0b6152", "cool", "narrow").css.decode()
    assert css.endswith(look.numbers("#0b6152", "cool", "narrow"))
    assert re.search(r":root\{--h:17\d\.\d;--c:0\.\d{3};--n:250;--w:0.88\}$", css)


def test_sheet_has_a_digest_of_its_own_for_each_look():
    looks = [("#0b6152", "cool"), ("#0b6152", "warm"), ("#0b6152", "warm", "wide")]
    assert len({look.sheet(*one).digest for one in [*looks, (DEFAULT_ACCENT, "warm")]}) == 4


def test_sheet_holds_what_its_kind_of_page_needs():
    sheets = {kind: look.sheet("#0b6152", "cool", kind=kind).css.decode() for kind in look.KINDS}
    assert [kind for kind in sheets if ".masthead{" in sheets[kind]] == ["browse"]
    texts = ["article", "article-rich", "article-rich-apart"]
    for rule, kinds in ((".prose>*{", texts), (".callout{", texts[1:]), (".gate{", texts[2:])):
        assert [kind for kind in sheets if rule in sheets[kind]] == kinds
    assert look.sheet("#0b6152", "cool", kind="of old").css.decode() == sheets["browse"]


def test_sheet_loses_comments_and_lines_but_no_rule():
    css = look.shrunk("/* why\n so */\na{\n  color:red;\n}\n@media print{\n  b{margin:0 auto}\n}\n")
    assert css == "a{color:red}@media print{b{margin:0 auto}}"


def test_only_so_many_sheets_are_remembered():
    for number in range(20):
        look.sheet(f"#0000{number:02x}", "warm")
    assert len(look._made) <= 8


def test_theme_switch_is_small_and_known_by_its_hash():
    assert len(look.THEME_SWITCH) <= 300
    digest = hashlib.sha256(look.THEME_SWITCH.encode()).digest()
    assert f"'sha256-{b64encode(digest).decode()}'" == look.THEME_SWITCH_HASH


# -- its address -----------------------------------------------------------------------------


@pytest.fixture
def made():
    return look.sheet(DEFAULT_ACCENT, "warm")


def test_sheet_is_kept_for_ever(client, made):
    response = client.get(made.url)
    assert response.content == made.css
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_sheet_comes_as_small_as_the_browser_takes_it(client, made, accepted, encoding, unpack):
    response = client.get(made.url, headers={"accept-encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(response.content) == made.css


@pytest.mark.django_db
def test_old_page_gets_todays_sheet_for_a_short_time(client, made):
    response = client.get("/look-0123456789ab.css")
    assert response.status_code == 200
    assert response.content == made.css
    assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db
def test_old_page_gets_todays_sheet_of_its_kind(client):
    for kind in look.KINDS:
        response = client.get(f"/look-{kind}-0123456789ab.css")
        assert response.content == look.sheet(DEFAULT_ACCENT, "warm", kind=kind).css


@pytest.mark.django_db
def test_sheet_comes_without_the_database(client):
    SiteSettings.current()
    with connection.execute_wrapper(away):
        response = client.get("/look-0123456789ab.css")
    assert response.status_code == 200
    assert b"--paper" in response.content


def test_sheet_is_read_not_written(client, made):
    assert client.head(made.url).status_code == 200
    assert client.post(made.url).status_code == 405


def test_for_developers_an_edit_of_any_sheet_shows_at_once(settings, monkeypatch, tmp_path):
    settings.DEBUG = True
    monkeypatch.setattr(look, "_path", lambda name: tmp_path / name)
    parts = {part for kind in look.KINDS for part in kind.split("-")}
    for name in (*look.SHEETS, *parts, "logo"):
        (tmp_path / name).touch()

    def addresses() -> set[str]:
        return {look.sheet("#aa0000", "warm", has_logo=True, kind=kind).url for kind in look.KINDS}

    for moment, name in enumerate((*look.SHEETS, *parts, "logo")):
        before = addresses()
        (tmp_path / name).write_text(f".edited{moment}{{}}")
        os.utime(tmp_path / name, (4e9 + moment, 4e9 + moment))
        assert addresses() != before, name
