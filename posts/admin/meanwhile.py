"""What somebody else has set since the writing form was opened is not written over unseen."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from posts.models import Post
from posts.services.bulk import setting_in_words
from posts.services.refusals import CannotStep


def refuse_if_set(form: Any, row: Post) -> None:
    """Raise what was set; who has read it and presses again means it.

    Only what is about to be written is compared: what else was set meanwhile stays so.
    """
    form.data, told = form.data.copy(), []
    for name, wish in form.live_settings().items():
        sent = "author_was" if name == "author" else form[name].html_initial_name
        field, now = form.fields[name], getattr(row, name)
        was = form.data.get(sent)
        seen = was if name == "author" else field.to_python(was)
        key = getattr(now, "pk", now)
        if was is not None and now != wish and field.has_changed(seen, key):
            what = {"setting": setting_in_words(name, now)}
            told.append(_("Somebody else has set this meanwhile: %(setting)s.") % what)
            form.data[sent] = "" if key is None else str(key)
    if form.is_going_out and form.data.get("state_was") not in (None, "", row.state):
        told.append(str(CannotStep()))
        form.data["state_was"] = row.state
    if told:
        raise ValidationError([*told, _("Nothing is saved yet. Press again if yours shall hold.")])
