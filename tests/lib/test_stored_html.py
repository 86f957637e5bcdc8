"""Stored HTML leaves as it was stored: nothing edits it as text after the sanitiser.

A rule about the source: outside the renderer, what ends in `_html` or is called `html` may be
handed on, asked for its truth and given to functions that read it with a parser; templates
print it with `|safe` and nothing else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import PRODUCT, ROOT, python_files, relative, tree

RENDERER = "blogsite/lib/markdown/"
READERS = {
    "absolute",
    "paragraphs",
    "plain",
    "is_simple",
    "len",
    "bool",
    "isinstance",
    "encode",
}  # never give HTML
TEXT_PARTS = (ast.BinOp, ast.AugAssign, ast.Subscript, ast.FormattedValue)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
PRINTED = [
    re.compile(r"\{\{ [\w.]+_html\|safe \}\}"),
    re.compile(r"\{% for words in [\w.]+_html\|opening:\d+ %\}"),  # words, escaped when printed
    re.compile(r"\{% (?:el)?if [\w. ]+ %\}"),
]
#: Text that no browser reads as HTML shows what somebody wrote as they wrote it.
UNESCAPED = re.compile(r"\{% (?:autoescape off|endautoescape) %\}")
EDITING = re.compile(r"_html\b|\|\s*safe\b|\bspaceless\b|^\{% filter\b|\bautoescape\b|\bsafeseq\b")


def is_stored(node: ast.AST | None, names: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return is_field(node.attr)
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.List | ast.Tuple):
        return any(is_stored(part, names) for part in node.elts)
    if isinstance(node, ast.IfExp):
        return is_stored(node.body, names) or is_stored(node.orelse, names)
    return isinstance(node, ast.BoolOp) and any(is_stored(part, names) for part in node.values)


def names_of_stored(module: ast.Module) -> set[str]:
    """Local names it goes by; a second look finds names given to names."""
    names: set[str] = set()
    for _look in range(2):
        for node in ast.walk(module):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and is_stored(
                node.value, names
            ):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def offences(module: ast.Module) -> Iterator[int]:
    """The lines where stored HTML is treated as text."""
    imported = [n for n in ast.walk(module) if isinstance(n, ast.Import | ast.ImportFrom)]
    modules = {alias.asname or alias.name for node in imported for alias in node.names}
    names = names_of_stored(module)

    def stored(node: ast.AST) -> bool:
        library = isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in modules
        return not library and is_stored(node, names)

    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [*node.args, *(k.value for k in node.keywords if not is_field(k.arg or ""))]
            if isinstance(node.func, ast.Attribute):
                given.append(node.func.value)
            if name not in READERS and any(map(stored, given)):
                yield node.lineno
        elif isinstance(node, TEXT_PARTS) and any(map(stored, ast.iter_child_nodes(node))):
            yield node.lineno
        for value in new_values(node):
            if not is_stored(value, names) and getattr(value, "value", None) != "":
                yield node.lineno


def is_field(name: str) -> bool:
    return name == "html" or name.endswith("_html")


def new_values(node: ast.AST) -> list[ast.expr]:
    """What is to be stored as HTML: `row.body_html = value` and `update(body_html=value)`."""
    if isinstance(node, ast.Call):
        return [k.value for k in node.keywords if (k.arg or "").endswith("_html")]
    targets = node.targets if isinstance(node, ast.Assign) else []
    fields = [t for t in targets if isinstance(t, ast.Attribute) and t.attr.endswith("_html")]
    return [node.value] if fields and isinstance(node, ast.Assign) else []


def edits_in_template(source: str, *, is_text: bool = False) -> list[str]:
    fine = [*PRINTED, UNESCAPED] if is_text else PRINTED
    return [
        tag
        for tag in TAG.findall(source)
        if EDITING.search(tag) and not any(allowed.fullmatch(tag) for allowed in fine)
    ]


def templates() -> list[Path]:
    return sorted(
        path
        for folder in ("templates", *PRODUCT)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".html", ".txt", ".xml") and "static" not in path.parts
    )


def test_no_python_edits_stored_html():
    assert [
        f"{relative(path)}:{line}"
        for path in python_files(*PRODUCT)
        if not relative(path).startswith(RENDERER)
        for line in offences(tree(path))
    ] == []


def test_no_template_edits_stored_html():
    found = {
        relative(path): edits_in_template(path.read_text(), is_text=path.suffix == ".txt")
        for path in templates()
    }
    assert {path: tags for path, tags in found.items() if tags} == {}


def test_stored_html_is_printed_somewhere():
    """Should the names change, the rule above would look at nothing."""
    printed = [tag for path in templates() for tag in TAG.findall(path.read_text())]
    assert {"{{ post.body_html|safe }}", "{{ person.bio_html|safe }}"} <= set(printed)
    writers = [path for path in python_files(*PRODUCT) if "_html = " in path.read_text()]
    assert len(writers) >= 3


@pytest.mark.parametrize(
    "planted",
    [
        "post.body_html.replace('$', '')",
        "re.sub('a', 'b', post.body_html)",
        "mark_safe(person.bio_html)",
        "SafeString(rendered.html)",
        "format_html('<p>{}</p>', post.body_html)",
        "'<p>' + post.body_html",
        "post.body_html += '<p>'",
        "f'<article>{post.body_html}</article>'",
        "'%s' % site.footer_html",
        "post.body_html[:100]",
        "''.join([post.body_html])",
        "text = post.body_html\ncopy = text\ncopy.strip()",
        "post.body_html = '<p>mine</p>'",
        "post.body_html = clean(other)",
        "html = post.body_html or ''\nTruncator(html)",
        "Post(x=y.html.upper())",
        "posts.update(body_html=strip(text))",
        "format_html_join('', '{}', ((post.body_html,),))",
    ],
)
def test_an_edit_planted_in_python_is_found(planted):
    assert list(offences(ast.parse(planted)))


@pytest.mark.parametrize(
    "kept",
    [
        "post.body_html = rendered.html",
        "self.bio_html = render(self.bio).html if self.bio else ''",
        "absolute(post.body_html, base)",
        "from django.utils import html\nhtml.escape(title)",
        "if post.body_html: pass",
        "posts.update(body_html=rendered.html)",
        "Shown(html=post.body_html)",
        "return_ = {'html': post.body_html}",
    ],
)
def test_handing_it_on_is_fine(kept):
    assert not list(offences(ast.parse(kept)))


@pytest.mark.parametrize(
    "planted",
    [
        "{{ post.body_html|truncatewords_html:20|safe }}",
        "{{ post.body_html|safe|linebreaks }}",
        "{{ post.body_html|striptags }}",
        "{{ post.body_html }}",
        "{{ comment|safe }}",
        "{% with words=post.body_html %}",
        "{% include 'a.html' with body=post.body_html|safe %}",
        "{% if post.body_html|length > 3 %}",
        "{% autoescape off %}",
        "{% spaceless %}",
        "{% filter upper %}",
    ],
)
def test_an_edit_planted_in_a_template_is_found(planted):
    assert edits_in_template(f"<p>{planted}</p>") == [planted]


def test_text_is_not_escaped_but_holds_no_stored_html():
    planted = "{% autoescape off %}{{ note }} {{ post.body_html }}{% endautoescape %}"
    assert edits_in_template(planted, is_text=True) == ["{{ post.body_html }}"]
