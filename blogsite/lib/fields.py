"""The fields of a form, letter by letter as Django's templates write them, but without running
one for every option, attribute and missing error: that was a third of the time of a form."""

from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.safestring import SafeData

INPUTS = "checkbox color date datetime email file hidden input number password tel text time url"


class Fields(DjangoTemplates):
    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        if template_name.startswith("django/forms/errors/list/") and not context["errors"]:
            return ""
        if write := WRITTEN.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)


def _escaped(value: Any) -> str:
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _text(value: Any) -> str:
    return _escaped(str(localize(value)))


def _tag(tag: str, widget: Any, /, **own: Any) -> str:
    told = [f'{name}="{_escaped(value)}"' for name, value in own.items()]
    for name, value in widget["attrs"].items():
        if value is not False:
            told.append(_text(name) + ("" if value is True else f'="{_escaped(value)}"'))
    return f"<{' '.join([tag, *told])}>"


def _input(widget: Any) -> str:
    value = {} if widget["value"] is None else {"value": widget["value"]}
    return _tag("input", widget, type=widget["type"], name=widget["name"], **value)


def _textarea(widget: Any) -> str:
    written = _text(widget["value"] or "")
    return f"{_tag('textarea', widget, name=widget['name'])}\n{written}</textarea>"


def _option(option: Any) -> str:
    begin = _tag("option", option, value=option["value"])
    return f"\n  {begin}{_text(option['label'])}</option>\n"


def _select(widget: Any) -> str:
    parts = [_tag("select", widget, name=widget["name"])]
    for name, options, _index in widget["optgroups"]:
        inside = "".join(map(_option, options))
        group = f'\n  <optgroup label="{_text(name)}">{inside}\n  </optgroup>'
        parts.append(group if name else inside)
    return "".join([*parts, "\n</select>"])


_path = "django/forms/widgets/{}.html".format
WRITTEN = {_path("textarea"): _textarea, _path("select"): _select}
WRITTEN |= dict.fromkeys(map(_path, INPUTS.split()), _input)
