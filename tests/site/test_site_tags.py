from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from blogsite.site.templatetags import site_tags


def test_day_is_written_for_people_and_for_machines():
    moment = datetime(2026, 3, 1, 23, 5, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    assert site_tags.day(moment) == '<time datetime="2026-03-02T00:05+01:00">2 March 2026</time>'
    with translation.override("fr"):
        assert ">2 mars 2026</time>" in site_tags.day(moment)


def test_day_that_is_not_yet_is_nothing():
    assert site_tags.day(None) == ""


def test_opening_is_words_without_marks():
    html = "<p>One &amp; <em>two</em>.<sup><a href=#fn-1>1</a></sup></p><h2>No</h2><p>Three.</p>"
    assert site_tags.opening(html, 2) == ["One & two.", "Three."]
    assert site_tags.opening(html, 1) == ["One & two."]
    assert site_tags.opening("", 2) == []


def test_chapters_are_the_uppermost_headings_if_there_are_two():
    deep = [{"level": level, "id": str(n)} for n, level in enumerate([3, 4, 3, 5])]
    assert [heading["id"] for heading in site_tags.chapters(deep)] == ["0", "2"]
    assert site_tags.chapters(deep[:2]) == []
    assert site_tags.chapters([]) == []
