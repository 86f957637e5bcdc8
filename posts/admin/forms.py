from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blogsite.lib.markdown import Refused
from posts.models import Post, Tag
from posts.slugs import reserved_words


class PostForm(forms.ModelForm):
    """The writing form. What was typed stays on the page whatever is wrong with it."""

    new_tags = forms.CharField(
        label=_("New topics"),
        required=False,
        max_length=500,
        help_text=_("Topics that do not exist yet, separated by commas."),
    )
    co_writers = forms.ModelMultipleChoiceField(
        label=_("Co-authors"),
        queryset=User.objects.filter(is_staff=True),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("Named after the author. Ctrl or Cmd chooses several."),
    )
    #: The version this text was begun from. Never trusted to write, only to warn.
    base_number = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        widgets = {
            "title": forms.TextInput(attrs={"class": "write-title", "autocomplete": "off"}),
            "dek": forms.Textarea(attrs={"class": "write-dek", "rows": 2}),
            "body": forms.Textarea(attrs={"class": "write-body", "rows": 24, "spellcheck": "true"}),
            "state": forms.RadioSelect,
            "visibility": forms.RadioSelect,
            # Plain lists: they work without a script and read well aloud.
            "tags": forms.SelectMultiple(attrs={"size": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit_states()
        if self.instance.pk and not self.is_bound:
            self._show_stored()
        # Publishing fills the time in by itself.
        self.fields["published_at"].help_text = _("Empty: now. In the future: it goes out then.")

    def _limit_states(self) -> None:
        """Who may not publish hands in; a live post of theirs is not taken back either."""
        if self.may_publish or "state" not in self.fields:
            return
        allowed = {Post.State.DRAFT, Post.State.REVIEW}
        field = cast(forms.TypedChoiceField, self.fields["state"])
        field.choices = [choice for choice in Post.State.choices if choice[0] in allowed]

    def _show_stored(self) -> None:
        self.initial["co_writers"] = [a.user_id for a in self.instance.authorship_set.all()]
        self.initial["base_number"] = self.newest_number()

    #: Set by the admin, from the permissions of the person who writes.
    may_publish = False
    may_tag = False

    def newest_number(self) -> int:
        newest = self.instance.versions.order_by("-number").values_list("number", flat=True)
        return newest.first() or 0

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if not slug:
            return self._slug_for(self.cleaned_data.get("title", ""))
        if slug in reserved_words():
            raise forms.ValidationError(
                _("The site itself answers /%(slug)s/. Choose another address."),
                params={"slug": slug},
            )
        return slug

    def _slug_for(self, title: str) -> str:
        """From the title; what readers may already know stays."""
        if self.instance.first_published_at:
            return self.instance.slug
        return Post(pk=self.instance.pk, title=title).slug_from_title()

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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == Post.State.PUBLISHED and "published_at" in data:
            data["published_at"] = data["published_at"] or timezone.now()
        self._check_text(data)
        self._check_newer(data)
        return data

    def _check_text(self, data: dict[str, Any]) -> None:
        """Render now, outside the transaction: a text that cannot be rendered is told here."""
        if "body" not in data:
            return
        if data.get("state") == Post.State.PUBLISHED and not data.get("title"):
            self.add_error("title", _("A published post needs a title."))
        for name in ("body", "language", "math", "smart_quotes"):
            if name in data:
                setattr(self.instance, name, data[name])
        try:
            self.instance.derive()
        except Refused as error:
            self.add_error("body", str(error))

    def _check_newer(self, data: dict[str, Any]) -> None:
        """Somebody saved in between: nothing is overwritten without a look."""
        if not self.instance.pk or data.get("base_number") is None:
            return
        newest = self.instance.versions.select_related("author").first()
        if newest is None or newest.number <= data["base_number"]:
            return
        typed = cast(QueryDict, self.data).copy()
        typed["base_number"] = str(newest.number)
        self.data = typed
        raise forms.ValidationError(
            _(
                "%(who)s saved this post at %(time)s, while you were writing. Your text is below "
                "and nothing is lost: saving again puts yours in its place, and theirs stays "
                "among the versions."
            ),
            params={
                "who": newest.author or _("Somebody"),
                "time": timezone.localtime(newest.created_at).strftime("%H:%M"),
            },
            code="newer",
        )

    def chosen_tags(self) -> list[Tag]:
        """The topics chosen, and those named as new; a name that exists is taken as it is."""
        tags = list(self.cleaned_data["tags"])
        for name in self.cleaned_data["new_tags"]:
            tag = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
            tags.append(tag)
        return tags
