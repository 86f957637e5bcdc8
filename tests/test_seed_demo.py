"""The sample blog: whole, alive, added once, and harmless outside development."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, wraps
from io import StringIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from blogsite.demo import blog, people, texts
from blogsite.demo.drawing import Sheet
from blogsite.demo.pictures import DRAWINGS
from blogsite.lib import markdown
from blogsite.media.models import Image
from blogsite.site.models import SiteSettings
from posts.models import Post, Series, Tag, Version
from tests import factories

OWNER = "owner@example.org"


def seed(**options: object) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """Whatever is kept beside the code is kept here instead."""
    settings.BASE_DIR = tmp_path / "home"
    settings.BASE_DIR.mkdir()
    settings.ENV = "development"
    return settings.BASE_DIR


@dataclass
class Drawn:
    """Drawing takes most of the time and gives the same every time: once is enough."""

    data: bytes

    def png(self) -> bytes:
        return self.data


@cache
def drawn_once() -> dict[str, Callable[[], Drawn]]:
    def once(draw: Callable[[], Sheet]) -> Callable[[], Drawn]:
        drawn = Drawn(draw().png())
        return wraps(draw)(lambda: drawn)

    return {name: once(draw) for name, draw in DRAWINGS.items()}


@pytest.fixture(autouse=True)
def draw_once(monkeypatch) -> None:
    monkeypatch.setattr(blog, "DRAWINGS", drawn_once())


def everything() -> dict[str, list[tuple]]:
    kept: list[type[models.Model]] = [User, Image, Post, Version, Tag, Series, SiteSettings]
    return {str(model): list(model.objects.order_by("pk").values_list()) for model in kept}


# -- what is in it -------------------------------------------------------------------------


class Sown(TestCase):
    """Sown once for all tests of a class, each of which finds it as it was."""

    env = "development"

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = cls.enterClassContext(TemporaryDirectory())
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        with (
            override_settings(MEDIA_ROOT=cls.folder, BASE_DIR=Path(cls.folder), ENV=cls.env),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(blog, "DRAWINGS", drawn_once())
            cls.said = seed()

    def setUp(self) -> None:
        self.home = Path(self.enterContext(TemporaryDirectory())) / "home"
        shutil.copytree(self.folder, self.home)
        self.enterContext(override_settings(MEDIA_ROOT=self.home, BASE_DIR=self.home))

    @property
    def kept(self) -> Path:
        return self.home / ".dev" / "owner-password"


class TestTheBlog(Sown):
    def test_the_blog_is_alive_and_every_state_is_shown(self):
        posts = Post.objects.filter(kind="post")
        now = timezone.now()
        assert posts.listed().count() == 12
        assert Post.objects.filter(kind="page").published().count() == 2
        assert [post.state for post in posts.exclude(state="published").order_by("state")] == [
            "draft",
            "review",
        ]
        assert posts.get(published_at__gt=now).series_position == 3
        assert posts.get(expires_at__lt=now).slug == "the-harbour-supper-is-on-saturday"
        newest, oldest = posts.listed().first(), posts.listed().last()
        assert now - timedelta(days=8) < newest.published_at < now
        assert now - timedelta(days=200) < oldest.published_at
        assert not posts.filter(edited_at__isnull=False).exists()

    def test_the_writers_share_the_work(self):
        writers = User.objects.exclude(email=OWNER)
        assert {str(writer) for writer in writers} == {
            person["display_name"] for person in texts.BLOG["people"]
        }
        for writer in writers:
            assert Post.objects.listed().filter(author=writer).count() >= 2
            assert writer.bio
            assert not writer.has_usable_password()
            assert Image.objects.filter(name=writer.avatar).exists()
        assert Post.objects.filter(authorship__isnull=False).exists()

    def test_one_is_featured_and_about_half_have_a_cover(self):
        listed = Post.objects.listed()
        assert listed.get(is_featured=True).slug == "forty-lines-for-the-tide"
        assert listed.filter(cover__isnull=False).count() == 7
        assert Tag.objects.annotate(n=models.Count("posts")).filter(n=0).count() == 0

    def test_the_series_has_five_parts_in_order(self):
        parts = Post.objects.filter(series__name="Reading the sea").order_by("series_position")
        assert [part.series_position for part in parts] == [1, 2, 3, 4, 5]
        assert [part.is_live() for part in parts] == [True, True, False, False, False]

    def test_texts_are_of_a_length_one_reads(self):
        for post in Post.objects.all():
            assert 300 <= post.word_count <= 1350, post.slug
            assert post.dek

    def test_addresses_are_the_names_of_the_files(self):
        names = {text["slug"] for text in [*texts.posts(), *texts.pages()]}
        assert set(Post.objects.values_list("slug", flat=True)) == names

    def test_every_drawing_is_used_described_and_light(self):
        assert Image.objects.count() == len(DRAWINGS)
        used = {*Post.objects.values_list("cover__name", flat=True)}
        used |= {*User.objects.values_list("avatar", flat=True)}
        for image in Image.objects.all():
            assert image.alt or image.is_decorative
            assert image.bytes <= 60_000
            assert image.name in used or Post.objects.filter(body__contains=image.url).exists()
        assert Image.objects.filter(width=1600).count() == 9

    def test_the_long_ones_show_what_markdown_can_do(self):
        for slug in ("forty-lines-for-the-tide", "a-case-for-the-plain-index-card"):
            html = Post.objects.get(slug=slug).body_html
            for part in (
                '<figure class="code">',
                'class="line hll"',
                "<table",
                'class="notes"',
                'class="callout',
                'class="tasks"',
                "<dl>",
                "<blockquote>",
            ):
                assert part in html, (slug, part)
        tide = Post.objects.get(slug="forty-lines-for-the-tide").body_html
        for part in ("<math", "<kbd>", "<details>", '<figure class="wide">', "<h3"):
            assert part in tide

    def test_no_text_has_a_problem(self):
        for post in Post.objects.all():
            found = markdown.render(post.body, math=post.math).problems
            assert [(problem.line, problem.message) for problem in found] == [], post.slug

    def test_every_public_page_and_picture_is_there_and_nothing_else(self):
        public = list(Post.objects.published())
        assert len(public) == 14
        for post in public:
            page = self.client.get(post.get_absolute_url())
            assert page.status_code == 200
            for address in pictures_on(page.text):
                assert self.client.head(address).status_code == 200, address
        for post in Post.objects.exclude(pk__in=[post.pk for post in public]):
            assert self.client.get(post.get_absolute_url()).status_code == 404
        assert self.client.get("/").status_code == 200

    def test_an_editor_can_open_what_is_not_out_yet(self):
        self.client.force_login(User.objects.get(name="ines"))
        for post in Post.objects.exclude(pk__in=Post.objects.published()):
            assert self.client.get(post.get_absolute_url()).status_code == 200

    def test_no_link_inside_the_blog_leads_nowhere(self):
        pages = [self.client.get(post.get_absolute_url()) for post in Post.objects.published()]
        addresses = {a for page in [*pages, self.client.get("/")] for a in links_on(page.text)}
        assert len(addresses) > 12
        for address in addresses:
            assert self.client.get(address).status_code in (200, 302), address

    def test_pictures_in_texts_are_described(self):
        for post in Post.objects.all():
            for tag in re.findall(r"<img[^>]*>", post.body_html):
                assert re.search(r' alt="[^"]{20,}"', tag), post.slug


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_the_same_every_time(name):
    assert DRAWINGS[name]().png() == drawn_once()[name]().png()


def test_the_program_in_the_essay_runs_and_is_forty_lines_long():
    [essay] = [text for text in texts.posts() if text["slug"] == "forty-lines-for-the-tide"]
    [program] = re.findall(r"```python[^\n]*\n(.*?)```", essay["body"], re.DOTALL)
    assert len(program.splitlines()) == 40
    names: dict = {"__name__": "tide"}
    exec(program, names)
    turns = list(islice(names["turns"](timezone.now()), 4))
    highs = [height for _when, height in turns if height > names["MEAN"]]
    assert len(turns) == 4
    assert len(highs) == 2
    assert timedelta(hours=15) < turns[3][0] - turns[0][0] < timedelta(hours=22)


# -- what readers and writers meet ---------------------------------------------------------


def pictures_on(page: str) -> Iterator[str]:
    yield from re.findall(r'<img[^>]* src="(/[^"]+)"', page)


def links_on(page: str) -> Iterator[str]:
    yield from re.findall(r'<a[^>]* href="(/[^"#?]*)', page)


# -- the owner -----------------------------------------------------------------------------


class TestTheOwner(Sown):
    """And what a second run does."""

    def test_the_owner_signs_in_with_the_password_that_was_shown(self):
        password = self.kept.read_text().strip()
        assert len(password) >= 16
        assert f"Password, shown this once: {password}\n" in self.said
        assert "http://localhost:8000/admin/ as owner@example.org" in self.said
        for name in (OWNER, "owner"):
            owner = authenticate(None, username=name, password=password)
            assert owner is not None
            assert owner.is_superuser
            assert owner.is_staff
            assert owner.groups.get().name == "Administrator"
        client = Client()
        client.post("/admin/login/", {"username": OWNER, "password": password})
        assert client.get("/admin/").status_code == 200

    def test_only_its_user_reads_the_password(self):
        assert self.kept.stat().st_mode & 0o777 == 0o600

    def test_a_lost_password_is_replaced_and_shown(self):
        self.kept.unlink()
        said = seed()
        password = self.kept.read_text().strip()
        assert password in said
        assert authenticate(None, username=OWNER, password=password)

    def test_a_second_run_changes_nothing(self):
        before, password = everything(), self.kept.read_text()
        seed()
        seed(force=True)
        assert everything() == before
        assert self.kept.read_text() == password

    def test_what_was_changed_or_thrown_away_stays_so(self):
        Post.objects.filter(slug="two-pulls-one-sea").delete()
        Post.objects.filter(slug="about").update(title="Mine")
        SiteSettings.objects.update(title="Mine too")
        seed()
        assert not Post.objects.filter(slug="two-pulls-one-sea").exists()
        assert Post.objects.get(slug="about").title == "Mine"
        assert SiteSettings.current().title == "Mine too"

    def test_a_second_run_asks_almost_nothing(self):
        with CaptureQueriesContext(connection) as asked:
            seed()
        assert len(asked) <= 2


@pytest.mark.django_db
def test_a_password_kept_on_this_machine_opens_a_new_database_too(home):
    (home / ".dev").mkdir()
    (home / ".dev" / "owner-password").write_text("kept from before\n")
    said = seed()
    assert authenticate(None, username=OWNER, password="kept from before")
    assert "kept from before" not in said
    assert str(home / ".dev" / "owner-password") in said


@pytest.mark.django_db
def test_where_nothing_can_be_kept_the_password_is_shown_and_stays(home):
    (home / ".dev").write_text("a file where the folder would be")
    said = seed()
    [password] = re.findall(r"shown this once: (\S+)", said)
    assert "note it down" in said
    assert authenticate(None, username=OWNER, password=password)
    assert seed() == ""
    assert authenticate(None, username=OWNER, password=password)


class TestOutsideDevelopment(Sown):
    env = "production"

    def test_nobody_can_sign_in(self):
        assert_nobody_can_sign_in(self.said, self.home)

    def test_in_development_it_opens_all_the_same(self):
        seed()
        owner = authenticate(None, username=OWNER, password=self.kept.read_text().strip())
        assert owner is not None
        assert owner.is_superuser


@pytest.mark.django_db
def test_in_staging_nobody_can_sign_in_either(settings, home):
    settings.ENV = "staging"
    assert_nobody_can_sign_in(seed(), home)


def assert_nobody_can_sign_in(said: str, home: Path) -> None:
    assert Post.objects.listed().count() == 12
    assert not any(person.has_usable_password() for person in User.objects.all())
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.get(email=OWNER).is_staff
    assert "manage.py create_owner" in said
    assert not (home / ".dev").exists()


# -- once, and not over anybody's work -----------------------------------------------------


@pytest.mark.django_db
def test_what_was_broken_off_is_finished_by_the_next_run(monkeypatch, settings):
    settings.ENV = "production"

    def killed() -> User:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(people, "add_owner", killed)
        with pytest.raises(KeyboardInterrupt):
            seed()
    assert not Post.objects.exists()
    seed()
    assert Post.objects.listed().count() == 12
    assert Image.objects.count() == len(DRAWINGS)
    assert User.objects.count() == len(people.emails())


@pytest.mark.django_db
@pytest.mark.parametrize("env", ["production", "staging"])
@pytest.mark.parametrize("there", ["a post", "a person"])
def test_a_database_in_use_is_refused_in_one_sentence(settings, env, there):
    settings.ENV = env
    factories.post() if there == "a post" else factories.user()
    before = everything()
    with pytest.raises(CommandError) as refused:
        seed()
    assert str(refused.value).count(".") == 1
    assert "--force" in str(refused.value)
    assert everything() == before


@pytest.mark.django_db
def test_in_development_a_database_in_use_is_left_alone_and_the_server_starts(home):
    factories.post()
    before = everything()
    assert "--force" in seed()
    assert everything() == before
    assert not (home / ".dev").exists()


@pytest.mark.django_db
def test_forced_it_stands_beside_what_is_there(settings):
    settings.ENV = "production"
    mine = factories.user("owner", display_name="Me", role="Administrator")
    jun = factories.user("Jun", email="jun@example.net")
    post = factories.post("About", author=mine, tags=[factories.tag("tides")])
    site = SiteSettings.current()
    site.title = "My own blog"
    site.save()
    seed(force=True)
    assert Post.objects.listed().count() == 13
    for row in (mine, jun, post):
        row.refresh_from_db()
    assert (mine.name, jun.name, post.slug) == ("owner", "Jun", "about")
    assert Post.objects.get(slug="about-2").kind == "page"
    assert Tag.objects.filter(name__iexact="tides").count() == 1
    assert SiteSettings.current().title == "My own blog"
    assert blog.is_there()
