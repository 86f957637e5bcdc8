"""The list of posts, what can be done to many at once, and the first page of the desk."""

import re
import zoneinfo
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from blogsite.pagecache.models import PageStamp
from blogsite.site.models import SiteSettings
from blogsite.tasks.models import QueuedTask
from posts.content import content_of
from posts.models import Autosave, NotFound, Post, Step, Tag, Version
from posts.services import steps
from posts.services.saving import amend, delete_posts, publish, save_draft, save_post, set_live
from tests import factories
from tests.writing import change, form_of, opened, write

pytestmark = pytest.mark.django_db
LIST = "/admin/posts/post/"


def titles(client, **query) -> set[str]:
    answer = client.get(LIST, query)
    return {str(post) for post in answer.context["cl"].result_list}


def bulk(client, deed: str, *posts, **asked):
    """Choose in the list, look at what will happen, press the button."""
    before = list(Post.objects.order_by("pk").values())
    chosen = {"action": deed, "_selected_action": [post.pk for post in posts], "index": "0"}
    in_trash = deed in ("restore", "delete")
    shown = client.post(f"{LIST}?state=trash" if in_trash else LIST, chosen)
    assert shown.status_code == 200, shown
    if asked:
        fields = form_of(shown, action="/bulk/") | asked | {"_show": "1"}
        shown = client.post(f"{LIST}bulk/{deed}/", fields)
    assert before == list(Post.objects.order_by("pk").values())
    return shown, client.post(f"{LIST}bulk/{deed}/", form_of(shown, action="/bulk/") | {"_do": "1"})


def take_back(client):
    return client.post(f"{LIST}undo/", follow=True)


class Shelf(dict):
    """One post of each standing, all by one author; each is made when it is first asked for."""

    def __init__(self, author: User) -> None:
        super().__init__()
        self.author = author

    def __missing__(self, standing: str) -> Post:
        now, days = timezone.now(), timedelta(days=1)
        make, fields = {
            "draft": (factories.draft, {}),
            "review": (factories.draft, {"state": "review"}),
            "scheduled": (factories.post, {"published_at": now + days}),
            "published": (factories.post, {}),
            "expired": (factories.post, {"published_at": now - 2 * days, "expires_at": now - days}),
            "archived": (factories.post, {"state": "archived"}),
            "trash": (factories.draft, {}),
        }[standing]
        title = "Trashed" if standing == "trash" else standing.capitalize()
        post = self[standing] = make(title, author=self.author, **fields)
        if standing == "trash":
            steps.trash(post, by=self.author)
        return post


@pytest.fixture
def shelf(people):
    return Shelf(people["Author"])


@pytest.fixture
def full_shelf(shelf):
    standings = ("draft", "review", "scheduled", "published", "expired", "archived", "trash")
    assert all(shelf[standing] for standing in standings)
    return shelf


# -- the list --------------------------------------------------------------------------------


def test_each_standing_has_its_tab_and_its_count(client, people, full_shelf):
    client.force_login(people["Author"])
    assert titles(client) == {str(p) for name, p in full_shelf.items() if name != "trash"}
    for name, post in full_shelf.items():
        assert titles(client, state=name) == {str(post)}
        assert post.standing == name or name == "trash"
    tabs = {tab["name"]: tab["count"] for tab in client.get(LIST).context["tabs"]}
    assert tabs == {"": 6, **dict.fromkeys(full_shelf, 1)}


def test_the_list_filters_by_author_topic_series_and_problem(client, people):
    tides, boats = factories.tag("Tides"), factories.series("Boats")
    both = factories.post("Both", author=people["Author"], co_authors=[people["Stranger"]])
    factories.post("Tidal", author=people["Author"], tags=[tides], body="A ![](/x.jpg) TODO")
    factories.post("Afloat", author=people["Stranger"], series=boats)
    client.force_login(people["Editor"])
    assert titles(client, author=people["Stranger"].pk) == {"Both", "Afloat"}
    assert titles(client, tags__id__exact=tides.pk) == {"Tidal"}
    assert titles(client, series__id__exact=boats.pk) == {"Afloat"}
    assert titles(client, problem="todo") == {"Tidal"}
    assert ">TODO or TK is left</a>" in client.get(LIST).text
    assert titles(client, problem="tags") == {"Both", "Afloat"}
    assert titles(client, problem="ahead") == set()
    save_draft(both, content=content_of(both) | {"body": "New."}, by=people["Author"])
    assert titles(client, problem="ahead") == {"Both"}
    assert "changes not out yet" in client.get(LIST).text


def test_the_list_costs_the_same_for_many(client, people, django_assert_max_num_queries):
    client.force_login(people["Editor"])
    client.get(LIST)
    for n in range(51):
        factories.post(f"Post {n}", author=people["Author"], co_authors=[people["Stranger"]])
    for query in ({}, {"q": "post", "state": "published"}):
        with django_assert_max_num_queries(12):
            page = client.get(LIST, query)
        assert page.text.count("ines, tomasz") == 50


@pytest.mark.parametrize(
    "query",
    [
        *[{"state": "odd"}, {"author": "x"}, {"author": "9" * 30}, {"author": "²"}],
        *[{"problem": "' OR 1"}, {"author__password__startswith": "md5"}],
    ],
)
def test_odd_filters_are_no_error(client, people, query):
    client.force_login(people["Editor"])
    assert client.get(LIST, query).status_code in (200, 302, 400)
    odd = {"post": ["9" * 30, "²", "9" * 5000], "_do": "1"}
    assert client.post(f"{LIST}bulk/trash/", odd).status_code == 302


def test_an_empty_blog_says_what_to_do(client, people):
    client.force_login(people["Author"])
    assert "Write the first one" in client.get(LIST).text
    assert "The trash is empty" in client.get(LIST, {"state": "trash"}).text
    assert "Nothing found" in client.get(LIST, {"q": "zebra"}).text


# -- many at once ----------------------------------------------------------------------------


def test_publishing_many_tells_of_each_first(client, people, shelf):
    client.force_login(people["Author"])
    unfinished = factories.draft("TODO list", author=people["Author"], body="TODO")
    chosen = (shelf["draft"], shelf["published"], unfinished)
    shown, answer = bulk(client, "publish", *chosen)
    assert "goes out now" in shown.text
    assert "is out as it is" in shown.text
    assert answer.status_code == 302
    states = {str(p): p.state for p in Post.objects.filter(pk__in=[p.pk for p in chosen])}
    assert states == {"Draft": "published", "Published": "published", "TODO list": "draft"}
    take_back(client)
    shelf["draft"].refresh_from_db()
    assert shelf["draft"].state == "draft"


def test_a_step_of_many_and_back(client, people, shelf):
    client.force_login(people["Author"])
    for deed, name, after in (
        ("take_down", "published", "draft"),
        ("take_down", "archived", "draft"),
        ("archive", "published", "archived"),
        ("archive", "expired", "archived"),
        ("trash", "published", "trash"),
        ("restore", "trash", "draft"),
    ):
        post = shelf[name]
        bulk(client, deed, post)
        assert Post.objects.get(pk=post.pk).standing == after, (deed, name)
        take_back(client)
        assert Post.objects.get(pk=post.pk).standing == name, (deed, name)


def test_what_was_written_on_since_is_not_taken_back(client, people, shelf):
    client.force_login(people["Author"])
    others = [factories.post(f"Post {n}", author=people["Author"]) for n in range(5)]
    bulk(client, "take_down", shelf["published"], *others)
    for post in (shelf["published"], *others):
        publish(post, content=content_of(post) | {"body": "Newer."}, by=None)
        steps.take_down(post, by=None)
    told = take_back(client).text
    assert told.count("written on since") == 5
    assert "One more was left as it is." in told
    assert Post.objects.get(pk=shelf["published"].pk).state == "draft"


@pytest.mark.parametrize(
    ("deed", "name", "asked", "meanwhile"),
    [
        ("archive", "published", {}, lambda post: steps.trash(post, by=None)),
        ("take_down", "published", {}, lambda post: steps.archive(publish(post, by=None), by=None)),
        ("restore", "trash", {}, lambda post: publish(post, by=None)),
        (
            "visibility",
            "published",
            {"visibility": "unlisted"},
            lambda post: set_live(post, by=None, visibility="members"),
        ),
    ],
)
def test_what_a_colleague_did_since_is_not_taken_back(
    client, people, shelf, deed, name, asked, meanwhile
):
    client.force_login(people["Editor"])
    bulk(client, deed, shelf[name], **asked)
    meanwhile(Post.objects.get(pk=shelf[name].pk))
    before = Post.objects.filter(pk=shelf[name].pk).values().get()
    assert "written on since" in take_back(client).text
    assert Post.objects.filter(pk=shelf[name].pk).values().get() == before


def test_a_publication_taken_back_leaves_no_time(client, people, shelf):
    client.force_login(people["Editor"])
    bulk(client, "publish", shelf["draft"])
    take_back(client)
    row = Post.objects.get(pk=shelf["draft"].pk)
    assert (row.state, row.published_at) == ("draft", None)


def test_taking_topics_back_puts_nothing_drafted_before_readers(client, people):
    old, secret, new = (factories.tag(name) for name in ("Old", "Secret", "New"))
    post = factories.post(author=people["Author"], tags=[old])
    save_draft(post, content=content_of(post) | {"tags": [secret.pk]}, by=people["Author"])
    client.force_login(people["Author"])
    bulk(client, "add_tag", post, tag=str(new.pk))
    take_back(client)
    post = Post.objects.get()
    assert list(post.tags.all()) == [old]
    assert post.newest_version().content["tags"] == [secret.pk]


def test_topics_of_many_reach_what_is_out_and_the_draft_over_it(client, people):
    tides = factories.tag("Tides")
    post = factories.post(author=people["Author"], body="Out.")
    save_draft(post, content=content_of(post) | {"body": "Drafted."}, by=people["Author"])
    client.force_login(people["Author"])
    bulk(client, "add_tag", post, tag=str(tides.pk))
    post = Post.objects.get()
    assert (post.body, list(post.tags.all())) == ("Out.", [tides])
    assert post.newest_version().content["body"] == "Drafted."
    assert post.newest_version().content["tags"] == [tides.pk]
    assert post.is_ahead
    take_back(client)
    post = Post.objects.get()
    assert (list(post.tags.all()), post.newest_version().content["tags"]) == ([], [])
    assert post.newest_version().content["body"] == "Drafted."


def test_series_visibility_author_and_featured_of_many(client, people):
    boats = factories.series("Boats")
    factories.post("First", author=people["Author"], series=boats, series_position=1)
    post = factories.post("Second", author=people["Author"])
    client.force_login(people["Editor"])
    bulk(client, "series", post, series=str(boats.pk))
    bulk(client, "visibility", post, visibility="members")
    bulk(client, "feature", post, is_featured="1")
    bulk(client, "author", post, author=str(people["Stranger"].pk))
    post = Post.objects.get(pk=post.pk)
    assert (post.series, post.series_position) == (boats, 2)
    assert (post.visibility, post.is_featured) == ("members", True)
    assert post.author == people["Stranger"]
    take_back(client)
    assert Post.objects.get(pk=post.pk).author == people["Author"]


def test_a_co_author_joins_many_and_leaves_again(client, people):
    post = factories.post(author=people["Author"])
    save_draft(post, content=content_of(post) | {"body": "Drafted."}, by=people["Author"])
    client.force_login(people["Editor"])
    bulk(client, "co_author", post, co_author=str(people["Stranger"].pk))
    post = Post.objects.get()
    assert [a.user for a in post.authorship_set.all()] == [people["Stranger"]]
    assert post.newest_version().content["co_authors"] == [people["Stranger"].pk]
    take_back(client)
    assert not Post.objects.get().authorship_set.exists()


def test_deleting_for_good_is_only_for_what_is_in_the_trash(client, people, shelf):
    client.force_login(people["Author"])
    bulk(client, "delete", shelf["trash"])
    assert not Post.objects.filter(pk=shelf["trash"].pk).exists()
    answer = client.post(f"{LIST}bulk/delete/", {"post": [shelf["draft"].pk], "_do": "1"})
    assert answer.status_code == 302
    assert Post.objects.filter(pk=shelf["draft"].pk).exists()


def test_what_was_just_taken_out_of_the_trash_is_not_deleted(client, people, shelf, monkeypatch):
    def late(posts):
        for post in posts:
            steps.restore(post, by=None)
        return delete_posts(posts)

    for place in ("posts.services.bulk", "posts.admin.post"):
        monkeypatch.setattr(f"{place}.delete_posts", late)
    post = shelf["trash"]
    client.force_login(people["Author"])
    answer = client.post(f"{LIST}bulk/delete/", {"post": [post.pk], "_do": "1"}, follow=True)
    assert "in another state now" in answer.text
    steps.trash(post, by=None)
    deleting = change(post).replace("/change/", "/delete/")
    answer = client.post(deleting, {"post": "yes", "for_good": "1"}, follow=True)
    assert "in another state now" in answer.text
    assert Post.objects.get(pk=post.pk).standing == "draft"


def test_what_is_published_while_others_are_changed_stays(client, people, monkeypatch):
    ines, tides = people["Author"], factories.tag("Tides")
    out = timezone.now() - timedelta(days=1)
    first = factories.post("First", author=ines, published_at=out)
    second = factories.post("Second", author=ines, body="Wrong.")
    third = factories.draft("Third", author=ines, body="Approved.")

    def slow(post, *args, **more):
        if post.pk == first.pk:
            publish(second, content=content_of(second) | {"body": "Right."}, by=ines)
            row = publish(third, by=ines)
            save_draft(row, content=content_of(row) | {"body": "Not approved."}, by=ines)
        return amend(post, *args, **more)

    monkeypatch.setattr("posts.services.bulk.amend", slow)
    client.force_login(people["Editor"])
    bulk(client, "add_tag", first, second, third, tag=str(tides.pk))
    bodies = Post.objects.order_by("pk").values_list("body", flat=True)
    assert list(bodies)[1:] == ["Right.", "Approved."]
    assert list(tides.posts.all()) == [first]


def test_a_text_that_cannot_be_shown_any_more_stops_nobody(client, people):
    """A stricter renderer meets what an older one has let through."""
    ines, boats, tides = people["Author"], factories.series("Boats"), factories.tag("Tides")
    old = factories.post("Old", author=ines)
    old.slug = "new"
    save_post(old, by=ines)
    part = {"series": boats, "series_position": 7}
    post = factories.post("Deep", author=ines, body="[a](/old/)", **part)
    deep = content_of(post) | {"body": "> " * 100 + "deep"}
    Version.objects.create(post=post, number=2, content=deep)
    client.force_login(people["Editor"])
    told = "“Deep”: "
    shown = bulk(client, "add_tag", post, tag=str(tides.pk))[1]
    assert told in client.get(shown.url).text
    series = f"/admin/posts/series/{boats.pk}/change/"
    sent = form_of(client.get(series), ident="series_form")
    assert told in client.post(series, sent, follow=True).text
    assert told in client.post(change(old).replace("/change/", "/links/"), follow=True).text
    restoring = change(post).replace("/change/", "/versions/2/restore/")
    assert client.post(restoring, {"newest": "2"}).status_code == 302
    row = Post.objects.get(pk=post.pk)
    assert (row.body, row.series_position, row.versions.count()) == ("[a](/old/)", 7, 2)


def test_who_may_no_longer_publish_takes_nothing_back_that_does(client, people, shelf):
    client.force_login(people["Author"])
    bulk(client, "take_down", shelf["published"])
    people["Author"].groups.set(people["Contributor"].groups.all())
    assert "nothing to take back" in take_back(client).text
    assert Post.objects.get(pk=shelf["published"].pk).state == "draft"


def test_an_author_who_was_a_co_author_is_named_once_and_leaves_again(client, people):
    ines, tomasz = people["Author"], people["Stranger"]
    post = factories.post(author=ines, co_authors=[tomasz])
    client.force_login(people["Editor"])
    bulk(client, "author", post, author=str(tomasz.pk))
    post = Post.objects.get()
    assert (post.author, post.authorship_set.count()) == (tomasz, 0)
    take_back(client)
    assert Post.objects.get().byline == [ines, tomasz]
    bulk(client, "author", post, author=str(tomasz.pk))
    bulk(client, "add_tag", post, tag=str(factories.tag().pk))
    assert (Post.objects.get().byline, Post.objects.get().is_ahead) == ([tomasz], False)


@pytest.mark.parametrize("role", ["Stranger", "Contributor", "Moderator", "Reader", None])
def test_nobody_does_anything_to_a_strangers_posts(client, people, role):
    post = factories.draft("Secret plan", author=people["Author"])
    thrown_away = factories.draft("Secret trash", author=people["Author"])
    steps.trash(thrown_away, by=None)
    tag = factories.tag()
    before = list(Post.objects.order_by("pk").values())
    if role:
        client.force_login(people[role])
    asked = {"tag": tag.pk, "visibility": "members", "author": people["Stranger"].pk}
    for deed in ("publish", "trash", "visibility", "add_tag", "author", "delete"):
        chosen = thrown_away if deed == "delete" else post
        answer = client.post(f"{LIST}bulk/{deed}/", {"post": [chosen.pk], "_do": "1"} | asked)
        assert answer.status_code in (302, 403), deed
        assert "Secret" not in answer.text, deed
        assert list(Post.objects.order_by("pk").values()) == before, deed
        assert post.versions.count() == 1, deed


def test_a_contributor_may_not_publish_many(client, people):
    post = factories.draft(author=people["Contributor"])
    client.force_login(people["Contributor"])
    assert client.post(f"{LIST}bulk/publish/", {"post": [post.pk], "_do": "1"}).status_code == 403
    assert "publish" not in dict(client.get(LIST).context["action_form"].fields["action"].choices)


def test_taking_back_is_not_done_by_a_link(client, people, shelf):
    client.force_login(people["Author"])
    bulk(client, "trash", shelf["draft"])
    assert "Draft" in client.get(f"{LIST}undo/").text
    assert Post.objects.get(pk=shelf["draft"].pk).trashed_at
    take_back(client)
    assert "nothing to take back" in client.get(f"{LIST}undo/").text


def test_somebody_who_was_quicker_does_not_hold_up_the_others(client, people, shelf):
    client.force_login(people["Author"])
    shown = client.post(
        f"{LIST}bulk/archive/", {"post": [shelf["published"].pk, shelf["scheduled"].pk]}
    )
    steps.take_down(shelf["published"], by=people["Editor"])
    fields = form_of(shown, action="/bulk/") | {"_do": "1"}
    answer = client.post(f"{LIST}bulk/archive/", fields, follow=True)
    assert "Left as it is" in answer.text
    assert Post.objects.get(pk=shelf["scheduled"].pk).state == "archived"
    assert Post.objects.get(pk=shelf["published"].pk).state == "draft"


# -- the first page --------------------------------------------------------------------------


def test_the_first_page_shows_what_is_mine_and_what_waits(client, people, full_shelf):
    factories.draft("Of a stranger", author=people["Stranger"])
    over = full_shelf["published"]
    save_draft(over, content={**content_of(over), "body": "New."}, by=people["Author"])
    client.force_login(people["Author"])
    page = client.get("/admin/")
    assert [str(post) for post in page.context["drafts"]] == ["Published", "Draft"]
    assert page.text.count("changes not out yet") == 1
    assert [str(post) for post in page.context["review"]] == ["Review"]
    assert [str(post) for post in page.context["scheduled"]] == ["Scheduled"]
    assert "Of a stranger" not in page.text
    assert "Trashed" not in {str(post) for post in page.context["drafts"]}


def test_editors_see_what_others_handed_in(client, people, full_shelf):
    client.force_login(people["Editor"])
    page = client.get("/admin/")
    assert "Waiting for review" in page.text
    assert [str(post) for post in page.context["review"]] == ["Review"]
    assert page.context["drafts"] == []


def test_a_text_never_saved_is_offered_again(client, people):
    Autosave.objects.create(user=people["Author"], content={"title": ["Half a thought"]})
    client.force_login(people["Author"])
    assert "Half a thought" in client.get("/admin/").text
    client.force_login(people["Stranger"])
    assert "Half a thought" not in client.get("/admin/").text


def test_what_needs_a_hand_is_told_to_who_can_help(client, people):
    factories.post(author=people["Author"], body="[gone](/nowhere-at-all/)")
    NotFound.objects.create(path="/lost", count=5)
    client.force_login(people["Editor"])
    page = client.get("/admin/").text
    assert "broken link inside" in page
    assert "asked for in vain" in page
    client.force_login(people["Stranger"])
    page = client.get("/admin/").text
    assert "broken link inside" not in page
    assert "asked for in vain" not in page


def test_lately_tells_only_of_posts_one_may_open(client, people, full_shelf):
    assert Step.objects.exists()
    client.force_login(people["Stranger"])
    assert "Trashed" not in client.get("/admin/").text
    client.force_login(people["Editor"])
    assert "Trashed" in client.get("/admin/").text


@pytest.mark.parametrize("role", ["Moderator", "Reader"])
def test_who_does_not_write_gets_no_button_to_write(client, people, role):
    people[role].is_staff = True
    people[role].save()
    client.force_login(people[role])
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "/admin/posts/post/add/" not in page.text


def test_the_first_page_costs_the_same_for_many(client, people, django_assert_max_num_queries):
    for n in range(12):
        factories.draft(f"Draft {n}", author=people["Editor"], tags=[factories.tag()])
        factories.draft(f"In {n}", author=people["Author"], state="review")
    client.force_login(people["Editor"])
    with django_assert_max_num_queries(26):
        assert client.get("/admin/").status_code == 200


def test_times_are_shown_in_the_zone_of_the_site_and_of_the_writer(client, people):
    ines = people["Author"]
    ines.time_zone = "Pacific/Auckland"
    ines.save()
    out = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=2)
    post = factories.post(author=ines, published_at=out)
    client.force_login(ines)
    page = client.get(change(post)).text
    assert "Times are those of UTC" in page
    assert "For you in Pacific/Auckland · goes out" in page
    over = post.published_at + timedelta(days=1)
    Post.objects.filter(pk=post.pk).update(expires_at=over, featured_until=over)
    page = client.get(change(post)).text
    told = timezone.localtime(over, zoneinfo.ZoneInfo("Pacific/Auckland"))
    for what in ("taken down", "featured until"):
        assert f" · {what} {date_format(told, 'j M, H:i')}" in page


@pytest.mark.django_db(transaction=True)
def test_publishing_leaves_unrelated_pages_alone(client):
    ruth = factories.user("ruth", is_staff=True, is_superuser=True)
    other = factories.post("Far away", author=ruth)
    for n in range(3):
        factories.post(f"Between {n}", author=ruth)
    post = factories.post(author=ruth)
    client.force_login(ruth)
    PageStamp.objects.all().delete()
    write(client, post, press="_publish", body="Changed.")
    assert set(PageStamp.objects.values_list("key", flat=True)) == {f"post:{post.pk}", "lists"}
    assert other.pk != post.pk


def test_no_side_door_tells_where_something_lies_or_who_signs_in_how(client, people):
    """Django's "r/" answers whoever has a desk; its history names the address one signs in with."""
    topic = factories.tag("Tides")
    post = factories.draft("Secret plan", author=people["Author"], tags=[topic])
    client.force_login(people["Editor"])
    page = client.get(f"/admin/posts/tag/{topic.pk}/change/")
    assert f'href="{topic.get_absolute_url()}?at=' in page.text
    client.post(page.request["PATH_INFO"], {"name": "Ebb", "slug": "ebb", "description": ""})
    kinds = ContentType.objects.get_for_models(Post, Tag, QueuedTask)
    for role in ("Editor", "Moderator", "Contributor"):
        client.force_login(people[role])
        for kind in kinds.values():
            assert client.get(f"/admin/r/{kind.pk}/{post.pk}/").status_code == 404
    history = client.get(f"/admin/posts/tag/{topic.pk}/history/").text
    assert "amara" in history
    assert "amara@" not in history


def test_deleting_a_topic_says_in_words_what_goes(client, people):
    topic, other = factories.tag("Tides"), factories.tag("Tools")
    factories.post(author=people["Author"], tags=[topic])
    client.force_login(people["Editor"])
    address = f"/admin/posts/tag/{topic.pk}/delete/"
    chosen = {"action": "delete_selected", "_selected_action": [topic.pk, other.pk]}
    SiteSettings.objects.update_or_create(pk=1, defaults={"language": "de"})
    one, many = client.get(address), client.post("/admin/posts/tag/", chosen)
    for page in (one, many):
        assert "Tides, in einem Beitrag" in page.text
        assert "Post_tags" not in page.text
        assert " Sie " not in page.text
    assert "Tools, in 0 Beiträgen" in many.text
    client.post("/admin/posts/tag/", form_of(many))
    assert not Tag.objects.exists()


def test_parts_of_a_series_are_numbered_as_they_came_out_and_each_once(client, people):
    boats, now = factories.series("Boats"), timezone.now()
    days = {"New": 1, "Old": 9, "Middle": 5}
    posts = {
        name: factories.post(name, author=people["Author"], published_at=now - timedelta(days=n))
        for name, n in days.items()
    }
    posts["Draft"] = factories.draft("Draft", author=people["Author"])
    client.force_login(people["Editor"])
    bulk(client, "series", *posts.values(), series=str(boats.pk))
    parts = dict(Post.objects.values_list("title", "series_position"))
    assert parts == {"Old": 1, "Middle": 2, "New": 3, "Draft": 4}
    answer = write(client, posts["New"], series_position="2")
    assert "Another post has this number" in answer.text
    assert write(client, posts["New"], series_position="7").status_code == 302


# -- the writing page --------------------------------------------------------------------------


def test_the_check_list_looks_at_what_was_typed_when_the_form_comes_back(client, people):
    post = factories.draft(author=people["Author"], body="Whole.")
    client.force_login(people["Author"])
    answer = write(client, post, press="_publish", title="", body="Whole.\n\nTODO: more")
    assert "Ready to publish" not in answer.text
    assert 'There is no title yet. <a href="#id_title">' in answer.text
    assert ">Line 3</a>" in answer.text
    stopped = write(client, post, press="_publish", title="Told", body="")
    refused = stopped.context["adminform"].form.non_field_errors()
    assert refused == ['There is no text yet. <a href="#id_body">Show</a>']
    first = write(client, press="_publish", title="New", body="")
    assert first.text.count("There is no text yet.") == 2


def test_short_words_come_back_by_their_label_too(client, people):
    post = factories.draft(author=people["Contributor"])
    client.force_login(people["Contributor"])
    begun = opened(client, post)
    publish(post, content=content_of(post), by=people["Editor"])
    typed = {"title": "Ebb", "dek": "A word", "body": "Short.", "word": "Please look."}
    answer = write(client, post, begun=begun, **typed)
    assert answer.status_code == 403
    page = " ".join(answer.text.split())
    labels = ("Title", "Standfirst", "Text", "A word about it")
    for label, value in zip(labels, typed.values(), strict=True):
        assert re.search(rf">{label}</label><textarea[^>]*> {value}</textarea>", page), label
    assert "csrfmiddlewaretoken" not in page.split("kept-texts")[1]


def test_what_waits_for_an_editor_is_not_handed_in_once_more(client, people):
    post = factories.draft(author=people["Contributor"], state="review")
    client.force_login(people["Contributor"])
    page = client.get(change(post))
    assert 'name="_review"' not in page.text
    assert write(client, post, title="Better").status_code == 302
    assert post.newest_version().content["title"] == "Better"


def test_messages_say_what_readers_see_now(client, people):
    post = factories.post(author=people["Author"], co_authors=[people["Stranger"]])
    client.force_login(people["Author"])

    def told(press="_draft", **typed):
        write(client, post, press=press, **typed)
        return " ".join(str(one) for one in client.get(change(post)).context["messages"])

    kept = "Kept as a draft. What is out stays out."
    assert told(visibility="members") == f"{kept} What you set under “Publishing” works now."
    assert told(body="New.") == kept
    assert told("_publish").startswith("It is out as it stands here.")
    over = f"{timezone.localtime() - timedelta(minutes=2):%Y-%m-%dT%H:%M}"
    assert "Readers do not find the post" in told(expires_at=over)
    other = factories.draft(author=people["Author"], co_authors=[people["Stranger"]])
    client.force_login(people["Stranger"])
    answer = client.post(change(other), opened(client, other) | {"co_writers": []}, follow=True)
    assert answer.redirect_chain == [("/admin/posts/post/", 302)]
    assert "You are no longer one of its authors." in answer.text
    assert "doesn’t exist" not in answer.text


def test_the_way_to_the_preview_does_not_depend_on_the_width(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    preview = change(post).replace("/change/", "/preview/")
    box = client.get(change(post)).text.split('id="b-publishing"')[1].split("</section>")[0]
    assert f'href="{preview}"' in box


def test_what_is_in_the_trash_can_only_be_taken_out(client, people):
    post = factories.draft(author=people["Author"])
    steps.trash(post, by=people["Author"])
    client.force_login(people["Author"])
    page = client.get(change(post))
    for button in ("_draft", "_publish"):
        assert f'name="{button}"' not in page.text
    assert 'formaction="/admin/posts/post/bulk/restore/"' in page.text
    pressed = form_of(page, ident="post_form") | {"_do": "1"}
    client.post("/admin/posts/post/bulk/restore/", pressed)
    assert Post.objects.get(pk=post.pk).trashed_at is None
