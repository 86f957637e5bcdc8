from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blogsite.lib.markdown import Refused
from blogsite.media.models import Image
from blogsite.media.services import StorageAway, store_image
from posts.admin.topics import TopicsField, known_topics
from posts.admin.typed import as_initial, plain_lines
from posts.content import COLUMNS, LIVE_FIELDS, Content, field_of, remember
from posts.models import Autosave, Post, Tag
from posts.numbers import numbers
from posts.services.addresses import is_known
from posts.services.organising import tags_named
from posts.services.series import HIGHEST, next_part
from posts.slugs import reserved_words


class LocalMoment(forms.DateTimeInput):
    """The browser's own field for a date and a time: no script needed."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def _in_zone(value: Any) -> Any:
    """The moment a clock on the wall shows, if it ever shows it."""
    naive = parse_datetime(value) if isinstance(value, str) else None
    if naive is None or timezone.is_aware(naive):
        return None
    moment = naive.replace(tzinfo=timezone.get_current_timezone())
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None)
    return moment if there_and_back == naive else None


class People(forms.ModelMultipleChoiceField):
    """Who writes at the desk, and who wrote before: somebody who left keeps the byline."""

    #: Not looked up once more when they stay.
    present: Sequence[User] = ()

    def clean(self, value: Any) -> Any:
        if value and {*map(str, value)} == {str(person.pk) for person in self.present}:
            return self.present
        return super().clean(value)

    def _check_values(self, value: Any) -> Any:
        if len(numbers(list(value))) != len(value):
            raise forms.ValidationError(_("Choose people of the list."), code="invalid_list")
        return super()._check_values(value)  # type: ignore[misc]


class Choice(forms.ModelChoiceField):
    """What is at hand, by its key, is not looked up once more."""

    at_hand: Mapping[Any, models.Model] = {}

    def to_python(self, value: Any) -> Any:
        key = (cast(Any, self.queryset).model, str(value))
        return self.at_hand.get(key) or super().to_python(value)


class Minute(forms.DateTimeField):
    """A moment to the minute. The seconds it may have had count as no change."""

    widget = LocalMoment

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            # The hour that comes twice in autumn: the first of the two.
            if error.code != "ambiguous_timezone" or not (twice := _in_zone(value)):
                raise
            return twice

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not 1970 <= value.year <= 2100:
            raise forms.ValidationError(_("Choose a year between 1970 and 2100."))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            moments = [self.to_python(value) for value in (initial, data)]
        except forms.ValidationError:
            return True
        was, now = (moment and moment.replace(second=0, microsecond=0) for moment in moments)
        return was != now


class PostForm(forms.ModelForm):
    """The writing form. What was typed stays on the page whatever is wrong with it."""

    tags = TopicsField(label=_("Topics"), required=False)
    new_tags = forms.CharField(
        label=_("New topics"),
        required=False,
        max_length=500,
        help_text=_("Topics that do not exist yet, separated by commas."),
    )
    co_writers = People(
        label=_("Co-authors"),
        queryset=User.objects.filter(is_staff=True),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("Named after the author. Ctrl or Cmd chooses several."),
    )
    note = forms.CharField(
        label=_("Note to this version"),
        required=False,
        max_length=200,
        help_text=_("What changed, for the list of versions. May stay empty."),
    )
    cover_file = forms.FileField(
        label=_("Or a picture from this device"),
        required=False,
        allow_empty_file=True,  # refused by the library, in its words
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    cover_alt = forms.CharField(
        label=_("What does it show?"),
        required=False,
        max_length=500,
        help_text=_("Of a new picture. Read aloud to people who cannot see it."),
    )
    #: The version this text was begun from. Never trusted to write, only to compare.
    base_number = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    #: When what is shown here was kept, if it was kept and never saved.
    kept_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    #: Who was the author when the page was opened: only a change is written.
    author_was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    #: Where the post was then: what somebody else has taken down goes out by no old page.
    state_was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    class Meta:
        widgets = {
            # Grows with a long title; it has one line all the same, see `clean_title`.
            "title": forms.Textarea(
                {
                    "class": "write-title",
                    "rows": 1,
                    "autocomplete": "off",
                    "placeholder": _("Title"),
                }
            ),
            "dek": forms.Textarea(attrs={"class": "write-dek", "rows": 2}),
            "body": forms.Textarea(
                {"class": "write-body", "rows": 24, "spellcheck": "true"}
                | {"placeholder": _("Write here. Markdown works.")}
            ),
            "visibility": forms.RadioSelect,
            "seo_description": forms.Textarea(attrs={"rows": 3}),
        }

    word = forms.CharField(
        label=_("A word about it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Goes to the editors when you hand in, to the author when you send back."),
    )

    #: Set by the admin, from the permissions of the person who writes and the button pressed.
    writer: User
    may_tag = False
    is_going_out = False
    #: Why nothing is saved this time although nothing may be wrong with what was typed.
    refusal: str | list[str] = ""
    #: What was typed and never saved, to go on with.
    kept: Autosave | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "tags" in self.initial:
            remember(self.instance, tags=self.initial["tags"])
        if self.instance.pk and not self.is_bound:
            self.initial["base_number"] = self.instance.base_number
            self.initial["author_was"] = self.instance.author_id
            self.initial["state_was"] = self.instance.state
        if "series_position" in self.fields:
            self.fields["series_position"].validators.append(MaxValueValidator(HIGHEST))
        if self.instance.pk:
            self._offer_people()
        self._know_choices()
        if self.kept and not self.is_bound:
            self._show_kept(self.kept)
        if "tags" in self.fields:
            self._offer_topics()
        if "body" in self.fields:  # a code block may begin it
            cast(forms.CharField, self.fields["body"]).strip = False
        for name in LIVE_FIELDS:
            if name in self.fields and name != "author":
                # What somebody else set since this page was opened is not set back by it.
                self.fields[name].show_hidden_initial = True

    def _show_kept(self, kept: Autosave) -> None:
        """What was typed and not saved, begun from where it was begun."""
        self.initial.update(as_initial(kept.content, self.fields))
        self.initial["kept_at"] = kept.saved_at.isoformat()
        if self.instance.pk:
            self.initial["base_number"] = kept.base_number or 0

    def _offer_people(self) -> None:
        people = [a.user for a in self.instance.authorship_set.all()]
        cast(People, self.fields["co_writers"]).present = people
        co_authors = [person.pk for person in people]
        self.initial["co_writers"] = co_authors
        named = Q(is_staff=True) | Q(pk__in=[self.instance.author_id, *co_authors])
        for name in ("co_writers", "author"):
            if name in self.fields:
                field = cast(forms.ModelChoiceField, self.fields[name])
                field.queryset = User.objects.filter(named)

    def _know_choices(self) -> None:
        """Who writes, what the post has, and the pictures that were sent: those in one look."""
        choices = {name: field for name, field in self.fields.items() if isinstance(field, Choice)}
        cached = [name for name in choices if field_of(name).is_cached(self.instance)]
        known = [self.writer, *(getattr(self.instance, name) for name in cached)]
        rows = {(row._meta.model, str(row.pk)): row for row in known if row}
        sent = {str(self.data.get(name)) for name in ("cover", "social_image")}
        new = numbers([pk for pk in sent if (Image, pk) not in rows])
        rows |= {(Image, str(pk)): row for pk, row in Image.objects.in_bulk(new).items()}
        for choice in choices.values():
            choice.at_hand = rows

    def _offer_topics(self) -> None:
        field = cast(TopicsField, self.fields["tags"])
        self.initial["tags"] = field.present = known_topics(self.initial.get("tags") or ())
        sent = cast(QueryDict, self.data).getlist("tags") if self.is_bound else ()
        field.offer(lambda: {*self.initial["tags"], *known_topics(sent)})

    def _get_validation_exclusions(self) -> set[str]:
        """What the fields have looked up is not looked up once more by the model."""
        looked_up = {name for name, field in self.fields.items() if hasattr(field, "queryset")}
        looked_up.add("slug")  # the service says better whose address it is
        return super()._get_validation_exclusions() | looked_up  # type: ignore[misc]

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if not slug or self._is_from_old_title(slug):
            return self._slug_for(self.cleaned_data.get("title", ""))
        if slug in reserved_words():
            raise forms.ValidationError(
                _("The site itself answers /%(slug)s/. Choose another address."),
                params={"slug": slug},
            )
        return slug

    def _slug_for(self, title: str) -> str:
        """From the title; what readers may already know stays."""
        if is_known(self.instance):
            return cast(str, self.instance.slug_in_row)
        return Post(pk=self.instance.pk, title=title).slug_from_title()

    def _is_from_old_title(self, slug: str) -> bool:
        """Nobody typed it, and no reader knows it: it follows the title."""
        post, is_new = self.instance, "title" in self.changed_data
        stays = not is_new or post.pk is None or is_known(post) or slug != self.initial["slug"]
        return not stays and bool(slug == post.slug_from_title())

    def clean_new_tags(self) -> list[str]:
        names = [" ".join(name.split()) for name in self.cleaned_data["new_tags"].split(",")]
        names = [name for name in names if name]
        if names and not self.may_tag:
            raise forms.ValidationError(
                _("Choose among the topics there are; editors add new ones.")
            )
        for name in names:
            if len(name) > 80:
                raise forms.ValidationError(_("A topic has 80 letters at most."))
        return names

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_dek(self) -> str:
        return plain_lines(self.cleaned_data["dek"])

    def clean_body(self) -> str:
        return plain_lines(self.cleaned_data["body"])

    def clean_cover_file(self) -> Any:
        """Into the library at once: it need not be chosen again, whatever else is wrong."""
        upload = self.files.get("cover_file")
        if upload is None:
            return None
        if not self.writer.has_perm("media.add_image"):
            raise forms.ValidationError(_("Choose among the pictures there are."))
        upload.seek(0)
        try:
            image = store_image(upload, by=self.writer, alt=self.data.get("cover_alt", "")[:500])
        except StorageAway:
            away = _("The storage for pictures does not answer. Try again in a minute.")
            raise forms.ValidationError(away) from None
        typed = cast(QueryDict, self.data).copy()
        typed["cover"] = str(image.pk)
        self.data, self.cleaned_data["cover"] = typed, image
        return image

    def clean(self) -> dict[str, Any]:
        if self.refusal:
            raise forms.ValidationError(self.refusal, code="refusal")
        data = super().clean() or self.cleaned_data
        self._check_times(data)
        self._check_part(data)
        self._check_text(data)
        return data

    def _check_times(self, data: dict[str, Any]) -> None:
        begins, ends = data.get("published_at") or timezone.now(), data.get("expires_at")
        if ends and "expires_at" in self.changed_data and ends <= begins:
            self.add_error("expires_at", _("A post is taken down after it goes out, not before."))

    def _check_part(self, data: dict[str, Any]) -> None:
        series, part = data.get("series"), data.get("series_position")
        if not (series and part and {"series", "series_position"} & {*self.changed_data}):
            return
        parts = Post.objects.filter(series=series, series_position=part, trashed_at=None)
        if parts.exclude(pk=self.instance.pk).exists():
            told = _("Another post has this number. Leave it empty for the next one.")
            self.add_error("series_position", told)

    def _check_text(self, data: dict[str, Any]) -> None:
        """Render now, outside the transaction: a text that cannot be rendered is told here."""
        if "body" not in data:
            return
        if self.is_going_out and not data.get("title"):
            self.add_error("title", _("A published post needs a title."))
        for name in ("body", "language", "math", "smart_quotes"):
            if name in data:
                setattr(self.instance, name, data[name])
        try:
            self.instance.derive()
        except Refused as error:
            self.add_error("body", str(error))

    # -- what the services get ---------------------------------------------------------

    def content(self) -> Content:
        """What was written. The row in memory holds it, the row in the database does not."""
        content = {name: getattr(self.instance, name) for name in COLUMNS}
        if content["series_id"] is None:
            content["series_position"] = None
        elif content["series_position"] is None:
            content["series_position"] = next_part(content["series_id"], without=self.instance.pk)
        content["tags"] = sorted({tag.pk for tag in self.chosen_tags()})
        content["co_authors"] = [person.pk for person in self.cleaned_data["co_writers"]]
        return content

    def live_settings(self) -> dict[str, Any]:
        """The live settings this person changed, and no others."""
        changed = {name for name in LIVE_FIELDS if name in self.changed_data}
        author = self.cleaned_data.get("author")
        if author and str(author.pk) == self.cleaned_data["author_was"]:
            changed.discard("author")
        return {name: self.cleaned_data[name] for name in changed if name in self.cleaned_data}

    def chosen_tags(self) -> list[Tag]:
        """The topics chosen, and those named as new; a name that exists is taken as it is."""
        return [*self.cleaned_data["tags"], *tags_named(self.cleaned_data["new_tags"])]
