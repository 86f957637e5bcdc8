"""Many readers at once: who renders, who waits, and what the others get."""

import time
from threading import Event

import pytest

from blogsite.pagecache import copies, rendering, stamp_address
from tests.pagecache import sample
from tests.pagecache.sample import stage
from tests.pagecache.threads import SOON, people


class Pause:
    """Holds whoever renders, after the queries, until let go."""

    def __init__(self) -> None:
        self.reached, self.go = Event(), Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.go.wait(SOON)


@pytest.fixture
def pause():
    stage.after_queries = Pause()
    yield stage.after_queries
    stage.after_queries.go.set()


def test_crowd_on_a_cold_page_renders_it_once(get, pause):
    sample.write(1, "tide")
    with people(60) as start:
        readers = [start(get, "/1/") for _ in range(60)]
        assert pause.reached.wait(SOON)
        time.sleep(0.2)
        pause.go.set()
        answers = [reader.result(SOON) for reader in readers]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(stage.rendered) == 1


def test_crowd_without_pauses_renders_once_too(get):
    sample.write(1, "tide")
    for _ in range(5):
        with people(16) as start:
            for _ in range(64):
                start(get, "/1/")
    assert len(stage.rendered) == 1


def test_reader_who_was_late_to_see_the_copy_does_not_render_again(site, get, monkeypatch):
    """It looked before the copy was there, and came to render after it was."""
    sample.write(1, "tide")
    looked, may_go_on, store_get = Event(), Event(), site.store.get
    looks: list[None] = []

    def slow_get(key):
        found = store_get(key)
        looks.append(None)
        if len(looks) == 2:
            looked.set()
            assert may_go_on.wait(SOON)
        return found

    with people(1) as start:
        with monkeypatch.context() as patched:
            patched.setattr(site.store, "get", slow_get)
            late = start(get, "/1/")
            assert looked.wait(SOON)
        get("/1/")
        may_go_on.set()
        assert late.result(SOON).text.startswith("tide ")
    assert len(stage.rendered) == 1


def test_crowd_on_a_missing_page_asks_once(get, pause):
    with people(20) as start:
        readers = [start(get, "/1/") for _ in range(20)]
        assert pause.reached.wait(SOON)
        time.sleep(0.2)
        pause.go.set()
        assert {reader.result(SOON).status for reader in readers} == {404}
    assert len(stage.rendered) == 1


def test_answer_with_a_cookie_is_given_to_one_reader_only(get):
    with people(8) as start:
        for _ in range(8):
            start(get, "/broken/cookie/")
    assert stage.rendered == ["cookie"] * 8


def test_others_get_the_old_page_while_one_renders(get, pause, wait_for_look):
    pause.go.set()
    sample.write(1, "old")
    get("/1/")
    pause.go.clear()
    pause.reached.clear()
    sample.write(1, "new")
    wait_for_look()
    with people(2) as start:
        first = start(get, "/1/")
        assert pause.reached.wait(SOON)
        assert get("/1/").text.startswith("old ")
        pause.go.set()
        assert first.result(SOON).text.startswith("new ")
    assert get("/1/").text.startswith("new ")


def test_old_page_is_not_shown_long_after_its_change(get, pause, wait_for_look):
    """Nobody read for a while: the second reader must not get what was old an hour ago."""
    pause.go.set()
    sample.write(1, "old")
    get("/1/")
    pause.go.clear()
    pause.reached.clear()
    sample.write(1, "new")
    wait_for_look()
    time.sleep(copies.GRACE)
    with people(2) as start:
        start(get, "/1/")
        assert pause.reached.wait(SOON)
        second = start(get, "/1/")
        time.sleep(0.1)
        assert not second.done()
        pause.go.set()
        assert second.result(SOON).text.startswith("new ")


def test_rendering_that_takes_too_long_lets_the_others_go(get, pause, wait_for_look):
    pause.go.set()
    sample.write(1, "old")
    get("/1/")
    pause.go.clear()
    pause.reached.clear()
    sample.write(1, "new")
    wait_for_look()
    with people(1) as start:
        start(get, "/1/")
        assert pause.reached.wait(SOON)
        time.sleep(rendering.WITH_A_COPY)
        began = time.monotonic()
        for _ in range(3):
            answer = get("/1/")
            assert answer.text.startswith("old ")
            assert answer.headers["Cache-Status"] == "Blogsite; hit; detail=stale"
        assert time.monotonic() - began < rendering.WITH_A_COPY
        pause.go.set()


def test_who_wrote_does_not_get_the_old_page_from_a_crowd(get, pause):
    pause.go.set()
    sample.write(1, "old")
    get("/1/")
    pause.go.clear()
    pause.reached.clear()
    sample.write(1, "new")
    with people(2) as start:
        start(get, stamp_address("/1/"))
        assert pause.reached.wait(SOON)
        second = start(get, stamp_address("/1/"))
        time.sleep(0.05)
        assert not second.done()
        pause.go.set()
        assert second.result(SOON).text.startswith("new ")


@pytest.mark.parametrize("noticed_before_the_end", [False, True])
def test_change_during_a_rendering_is_held_against_it(
    get, pause, wait_for_look, noticed_before_the_end
):
    sample.write(1, "old")
    with people(1) as start:
        reader = start(get, "/1/")
        assert pause.reached.wait(SOON)
        sample.write(1, "new")
        if noticed_before_the_end:
            wait_for_look()
        pause.go.set()
        assert reader.result(SOON).text.startswith("old ")
    wait_for_look()
    assert get("/1/").text.startswith("new ")


def test_reader_who_comes_after_a_change_does_not_share_an_older_rendering(
    get, pause, wait_for_look
):
    sample.write(1, "old")
    with people(2) as start:
        first = start(get, "/1/")
        assert pause.reached.wait(SOON)
        sample.write(1, "new")
        wait_for_look()
        second = start(get, "/1/")
        time.sleep(0.1)
        pause.go.set()
        assert first.result(SOON).text.startswith("old ")
        assert second.result(SOON).text.startswith("new ")


def test_missing_page_that_is_written_meanwhile_is_found(get, pause, wait_for_look):
    with people(2) as start:
        first = start(get, "/1/")
        assert pause.reached.wait(SOON)
        sample.write(1, "new")
        second = start(get, stamp_address("/1/"))
        time.sleep(0.1)
        pause.go.set()
        assert first.result(SOON).status == 404
        assert second.result(SOON).text.startswith("new ")


def test_removed_page_is_gone_for_everybody(get, pause, wait_for_look):
    pause.go.set()
    sample.write(1, "secret")
    get("/1/"), get("/")
    pause.go.clear()
    pause.reached.clear()
    sample.remove(1)
    wait_for_look()
    with people(3) as start:
        readers = [start(get, "/1/") for _ in range(3)]
        assert pause.reached.wait(SOON)
        assert get("/").text == ""
        pause.go.set()
        assert {reader.result(SOON).status for reader in readers} == {404}


def test_removed_page_is_not_shown_by_an_error(get, wait_for_look):
    sample.write(1, "secret")
    get("/1/")
    sample.remove(1)
    wait_for_look()
    stage.error = RuntimeError("a bug")
    assert get("/1/").status == 500


def test_page_removed_while_it_is_rendered_is_not_shown(get, pause, wait_for_look):
    sample.write(1, "secret")
    with people(1) as start:
        reader = start(get, "/1/")
        assert pause.reached.wait(SOON)
        sample.remove(1)
        wait_for_look()
        pause.go.set()
        assert reader.result(SOON).status == 404


def test_page_that_vanished_without_a_word_is_not_kept(site, get):
    sample.write(1, "tide")
    get("/1/")
    sample.texts().delete()
    [copy] = site.store._copies.values()
    copy.age(0)
    assert get("/1/").status == 404
    assert site.store.size == 0


def test_rendering_that_dies_leaves_nobody_waiting(site, get, monkeypatch):
    """Django answers its own exceptions; this is one that came past it."""
    sample.write(1, "tide")

    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(site.rendering, "application", die)
    with pytest.raises(SystemExit):
        get("/1/")
    monkeypatch.undo()
    assert get("/1/").status == 200
    assert not site.store._drafts
