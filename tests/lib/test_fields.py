"""Fields of forms look as Django's own templates write them, whatever stands in them."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.contrib.admin import widgets as admin
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from blogsite.lib.fields import INPUTS, Fields

HOSTILE = "\"><script>alert('1')</script>&amp; <b>"
VALUES = [
    *(None, "", "plain", "two\nlines\n", "\n", " ", 0, 1, 1234567, 0.5, Decimal("1234.5"), True),
    *(
        False,
        HOSTILE,
        mark_safe("<i>&amp;"),
        gettext_lazy("Search"),
        date(2026, 3, 1),
        "ü\0{{ x }}",
    ),
    *(["a", HOSTILE], ("a", "b"), b"raw"),
]
ATTRS = [
    {},
    {"id": "id_x", "required": True, "disabled": False, "data-none": None, "maxlength": 1234567},
    {"class": HOSTILE, HOSTILE: HOSTILE, "title": mark_safe("<i>"), "lang": gettext_lazy("Yes")},
    {"type": "week", "name": "other", "value": "other", "size": 0.5, "class": ""},
]
CHOICES = [
    ("", "---------"),
    (1, "One"),
    (1234567, 1234567),
    (None, "None"),
    (True, "True"),
    (HOSTILE, HOSTILE),
    (mark_safe("<i>&amp;"), mark_safe("<i>&amp;")),
    (gettext_lazy("Yes"), gettext_lazy("Search")),
    (HOSTILE, [("a", "A"), (HOSTILE, HOSTILE)]),
    ("Group", [(2, "Two"), ("two\nlines\n", "two\nlines")]),
    (0, [("g", "In a group without a name")]),
]
PLAIN = [
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.ColorInput),
    *(forms.SearchInput, forms.TelInput, forms.PasswordInput, forms.HiddenInput, forms.FileInput),
    *(forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput, forms.Textarea),
    *(forms.MultipleHiddenInput, forms.SplitDateTimeWidget, forms.ClearableFileInput),
    *(admin.AdminTextInputWidget, admin.AdminTextareaWidget, admin.AdminDateWidget),
]
CHOOSERS = [
    *(forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple),
    *(forms.NullBooleanSelect, admin.AdminRadioSelect),
]


OURS, THEIRS = Fields(), DjangoTemplates()


def both(render) -> tuple[str, str]:
    written = []
    for renderer in (OURS, THEIRS):
        try:
            written.append(render(renderer))
        except (TypeError, ValueError, AttributeError) as error:
            written.append(repr(error))
    return written[0], written[1]


@pytest.fixture(autouse=True)
def german():
    """Where numbers and dates in a page are not what Python writes."""
    with translation.override("de"):
        yield


#: Each value with some attributes, each attributes with some values.
CASES = list(zip(VALUES * len(ATTRS), (ATTRS * len(VALUES))[1:], strict=False))


@pytest.mark.parametrize("kind", PLAIN)
def test_what_is_typed_is_shown_as_django_shows_it(kind):
    for number, (value, attrs) in enumerate(CASES[:40]):
        widget = kind(attrs)
        widget.is_localized = number % 3 == 0
        ours, theirs = both(lambda r: widget.render(HOSTILE, value, {}, r))  # noqa: B023
        assert ours == theirs


@pytest.mark.parametrize("kind", CHOOSERS)
def test_what_can_be_chosen_is_shown_as_django_shows_it(kind):
    for value, attrs in CASES[:24]:
        more = {} if kind is forms.NullBooleanSelect else {"choices": CHOICES}
        widget = kind(attrs, **more)
        ours, theirs = both(lambda r: widget.render("x", value, {"id": "id_x"}, r))  # noqa: B023
        assert ours == theirs


@pytest.mark.parametrize("errors", [[], ["Odd."], [HOSTILE, mark_safe("<b>so</b>")]])
@pytest.mark.parametrize("how", ["__str__", "as_ul", "as_text"])
def test_errors_and_their_absence_are_shown_as_django_shows_them(errors, how):
    def shown(renderer):
        return getattr(ErrorList(errors, renderer=renderer, field_id="id_x"), how)()

    assert shown(OURS) == shown(THEIRS)


@pytest.mark.parametrize("label", ["Title", HOSTILE, mark_safe("<b>so</b>"), gettext_lazy("Yes")])
@pytest.mark.parametrize("auto_id", ["id_%s", False])
def test_whole_forms_are_shown_as_django_shows_them(label, auto_id):
    class Form(forms.Form):
        title = forms.CharField(label=label, help_text=HOSTILE)
        kind = forms.ChoiceField(
            label=label, choices=CHOICES, disabled=True, show_hidden_initial=True
        )

    for data in (None, {}, {"title": HOSTILE, "kind": HOSTILE}):
        for shape in ("as_p", "as_div", "as_table", "as_ul"):
            ours, theirs = both(
                lambda r: getattr(Form(data, renderer=r, auto_id=auto_id), shape)()  # noqa: B023
            )
            assert ours == theirs


def test_the_site_uses_it():
    assert isinstance(forms.Form().renderer, Fields)
    assert {f"{name}.html" for name in INPUTS.split()} >= {
        kind.template_name.removeprefix("django/forms/widgets/")
        for kind in PLAIN[:14]
        if kind is not forms.SearchInput
    }
