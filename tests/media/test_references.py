"""Where uploads are used: every table that could name one is asked; the sweep asks it itself."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from blogsite.media import leaving
from blogsite.media.models import File, Image, Reference, Upload
from blogsite.media.references import places, recount, sources, used
from blogsite.media.services import put_away, receive
from blogsite.site.models import SiteSettings
from posts.models import Post, Tag, Version
from posts.services import autosaving
from posts.services.saving import delete_posts, save_draft
from tests import factories

pytestmark = pytest.mark.django_db

OURS = ("accounts", "blogsite", "posts", "comments")
#: Text and JSON that name no upload: codes, counts, and what machines told each other. And what is
#: made of columns that are asked.
NO_TEXTS = {
    *("accounts.user.bio_html", "posts.post.body_html", "posts.post.toc"),
    *(f"site.sitesettings.{name}" for name in ("footer_html", "head_html", "head_policy")),
    "media.formername.image",
    "media.image.variants",
    "posts.post.related",
    "tasks.queuedtask.args_kwargs",
    "tasks.queuedtask.exception_class_path",
    "tasks.queuedtask.return_value",
    "tasks.queuedtask.task_path",
    "tasks.queuedtask.traceback",
    "tasks.queuedtask.worker_ids",
}


def unused(library=Image) -> list:
    return list(library.objects.exclude(used(library)))


def where(upload, person) -> list[str]:
    return [place.label for place in places([upload], person)[upload.pk]]


@pytest.fixture
def owner(people):
    return people["Administrator"]


@pytest.fixture
def image(owner):
    return factories.image(owner)


def could_name_an_upload(field: models.Field) -> bool:
    related = field.related_model
    if isinstance(related, type) and issubclass(related, Upload):
        return True
    return isinstance(field, (models.TextField, models.JSONField)) or "avatar" in field.name


def test_every_column_that_could_name_an_upload_is_asked():
    forgotten = set()
    for model in apps.get_models():
        source = sources.get(model)
        covered = source.columns if source else set()
        for field in model._meta.concrete_fields if model.__module__.startswith(OURS) else ():
            if could_name_an_upload(field) and field.attname not in covered:
                forgotten.add(f"{model._meta.label_lower}.{field.name}")
    assert forgotten == NO_TEXTS


def test_what_has_just_been_uploaded_is_used_by_nothing(image):
    assert unused() == [image]


@pytest.mark.parametrize(
    "use",
    ["text", "cover", "social", "version", "typing", "topic", "topic text", "bio", "footer", "nav"],
)
def test_every_use_counts_and_is_named(image, owner, use):
    text = f"![]({image.url})"
    if use == "text":
        factories.post("Tides", body=text, author=owner)
    elif use == "cover":
        factories.post("Tides", cover=image, author=owner)
    elif use == "social":
        factories.post("Tides", social_image=image, author=owner)
    elif use == "version":
        post = factories.draft("Tides", body=text, author=owner)
        post.body = "gone"
        factories.save_post(post, by=owner)
    elif use == "typing":
        autosaving.keep(None, user=owner, content={"body": text}, base=None)
    elif use == "topic":
        Tag.objects.create(name="Tides", cover=image)
    elif use == "topic text":
        Tag.objects.create(name="Tides", description=text)
    elif use == "bio":
        owner.avatar, owner.display_name = image.name, "Tides"
        owner.save()
    elif use == "footer":
        site = SiteSettings.objects.get()
        site.footer_text = text
        site.save()
    elif use == "nav":
        site = SiteSettings.objects.get()
        site.navigation = [{"url": image.url, "label": "Map"}]
        site.save()
    assert unused() == []
    told = " ".join(where(image, owner))
    assert told
    assert ("cover" if use in ("cover", "social", "topic") else "text") in told
    assert "Tides" in told or use in ("typing", "footer", "nav")
    Reference.objects.all().delete()
    recount()
    assert unused() == []


def test_what_is_taken_out_of_a_text_stays_in_its_history(image, owner):
    post = factories.draft("Tides", body=f"![]({image.url})", author=owner)
    post.body = "nothing"
    factories.save_post(post, by=owner)
    assert where(image, owner) == ["versions of Tides (text)"]
    delete_posts([post])
    assert unused() == [image]
    assert not Reference.objects.exists()


def test_a_file_is_used_by_a_link(owner):
    file = receive(ContentFile(b"%PDF-1.7", "a.pdf"), by=owner)
    assert unused(File) == [file]
    factories.post("Tides", body=f"[Times]({file.url})", author=owner)
    assert unused(File) == []


def test_somebody_elses_draft_is_not_told_by_its_title(image, people, owner):
    factories.draft("Secret plans", body=f"![]({image.url})", author=owner)
    assert set(where(image, people["Author"])) == {"a text of somebody else (text)"}
    assert not any(place.url for place in places([image], people["Author"])[image.pk])


def test_counting_anew_mends_what_bulk_writes_passed_by(image, owner):
    post = factories.post("Tides", author=owner)
    Post.objects.filter(pk=post.pk).update(body=f"![]({image.url})")
    Reference.objects.create(source="posts.post", key=10**9, mark=f"#{image.pk}")
    Reference.objects.create(source="posts.post", key=post.pk, mark="f" * 32)
    assert recount() == 3
    assert where(image, owner) == ["Tides (text)"]
    assert recount() == 0


def test_saving_a_post_asks_one_query_more_for_it(image, owner, django_assert_num_queries):
    tag = Tag.objects.create(name="Tides", description="No pictures")
    with django_assert_num_queries(2):
        tag.save()  # and what it names
    with django_assert_num_queries(1):
        tag.save(update_fields=["name"])


# -- the sweep -----------------------------------------------------------------------------


def long_ago(upload) -> None:
    then = timezone.now() - timedelta(days=31)
    type(upload).objects.filter(pk=upload.pk).update(put_away_at=then)


def test_only_what_was_put_away_long_ago_is_removed(owner, media_root):
    here, fresh, old = (factories.image(owner) for _n in range(3))
    file = receive(ContentFile(b"%PDF-1.7", "a.pdf"), by=owner)
    put_away(Image.objects.filter(pk=fresh.pk))
    long_ago(old)
    long_ago(file)
    assert leaving.clear_away() == 2
    assert set(Image.objects.all()) == {here, fresh}
    assert not File.objects.exists()
    kept = {one.name: (media_root / one.name).exists() for one in (here, fresh, old, file)}
    assert kept == {here.name: True, fresh.name: True, old.name: False, file.name: False}


def test_what_is_used_after_all_comes_back_whatever_the_notes_say(image, owner):
    factories.draft("Tides", author=owner)
    long_ago(image)
    kept = Version.objects.get()
    kept.content["body"] = f"![]({image.url})"
    Version.objects.bulk_update([kept], ["content"])  # no note of it
    assert leaving.clear_away() == 0
    image.refresh_from_db()
    assert image.put_away_at is None


def test_what_comes_into_use_while_others_go_stays(image, owner, monkeypatch):
    other, let_go = factories.image(owner), leaving.let_go
    long_ago(image), long_ago(other)

    def used_meanwhile(gone):
        factories.draft("Tides", cover=other if gone == image else image, author=owner)
        let_go(gone)

    monkeypatch.setattr(leaving, "let_go", used_meanwhile)
    assert leaving.clear_away() == 1
    assert Image.objects.count() == 1


def test_sending_the_same_again_takes_it_back(image, owner):
    put_away(Image.objects.all())
    with default_storage.open(image.name) as stored:
        receive(ContentFile(stored.read(), "x.jpg"), by=owner)
    image.refresh_from_db()
    assert image.put_away_at is None


def test_a_draft_laid_over_what_is_out_counts(image, owner):
    post = factories.post("Tides", author=owner)
    content = {**post.newest_version().content, "body": f"![]({image.url})"}
    save_draft(post, content=content, by=owner)
    assert where(image, owner) == ["versions of Tides (text)"]
