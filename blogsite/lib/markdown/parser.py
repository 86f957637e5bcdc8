"""The Markdown parser of each profile, built once."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.deflist import deflist_plugin

from . import abbreviations, autolinks, mathematics, notes
from .limits import LIMITS
from .renderer import Renderer

# The library stops reading where nesting passes its own limit, and the words after that
# point are gone. Ours refuses aloud (see `_count_block`); it must be lower by more than a
# list item's two levels to be asked in time. Not by much more: an open bracket looks past as
# many others as the library's limit says.
ROOM_ABOVE_OURS = 4
STEPS_PER_BLOCK = 4
STEPS_PER_LOOK = 2  # whether something begins here that ends a paragraph
STEPS_PER_MARK = 2
STEPS_PER_BRACKET = 5
STEPS_PER_TABLE = 10
DELIMITERS = re.compile(r"[*_~]*")
#: `++Ctrl+C++` becomes keys to press. No spaces are allowed inside and no letter right before, so
#: that `C++`, `i++` and sums written with plus signs stay what they are.
KEYS = re.compile(r"(?<![^\W_])\+\+([^\s+]{1,20}(?:\+[^\s+]{1,20}){0,4})\+\+(?![+\w])")
BEFORE_PARAGRAPHS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


@cache
def parser_for(profile: str, math: bool) -> MarkdownIt:
    nesting = LIMITS[profile].nesting + ROOM_ABOVE_OURS
    md = MarkdownIt("commonmark", {"maxNesting": nesting}, renderer_cls=Renderer)
    md.enable("strikethrough")
    md.options["strikethrough_single_tilde"] = True
    if profile == "post":
        _add_post_rules(md, math)
    else:
        md.disable(["heading", "lheading", "hr", "html_block", "html_inline"])
    md.use(autolinks.plugin)
    _count_work(md)
    return md


def _add_post_rules(md: MarkdownIt, math: bool) -> None:
    md.enable("table")
    md.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    md.options["tasklists"] = md.options["alerts"] = True
    md.use(notes.plugin).use(deflist_plugin).use(abbreviations.plugin)
    _add_inline(md, "link", "keys", "kbd", KEYS)
    if math:
        _add_inline(md, "escape", "math_inline", "math", mathematics.INLINE)
        md.block.ruler.before("fence", "math_block", mathematics.block, BEFORE_PARAGRAPHS)


def _add_inline(md: MarkdownIt, before: str, name: str, tag: str, pattern: re.Pattern[str]) -> None:
    """What the pattern finds becomes a token, and its group the content."""

    def rule(state: StateInline, silent: bool) -> bool:
        found = pattern.match(state.src, state.pos, state.posMax)
        if not found:
            return False
        if not silent:
            state.push(name, tag, 0).content = found[1]
        state.pos = found.end()
        return True

    md.inline.ruler.before(before, name, rule)


def _count_work(md: MarkdownIt) -> None:
    first_block = md.block.ruler.get_all_rules()[0]
    md.block.ruler.before(first_block, "count", _count_block, BEFORE_PARAGRAPHS)
    md.core.ruler.after("block", "count", _count_last_tokens)
    md.inline.ruler.after("text", "count", _count_inline)


def _count_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    work = state.env["document"].work
    work.spend(STEPS_PER_LOOK if silent else STEPS_PER_BLOCK)
    work.count_tokens(len(state.tokens))
    work.check_depth(state.level)
    return False


def _count_last_tokens(state: StateCore) -> None:
    state.env["document"].work.count_tokens(len(state.tokens))


def _count_inline(state: StateInline, silent: bool) -> bool:
    mark = state.src[state.pos]
    if mark == "[":  # looks ahead for its partner, and so does each one inside
        steps = STEPS_PER_BRACKET
    elif mark in "!^" and state.src.startswith("[", state.pos + 1):
        steps = STEPS_PER_BRACKET * 2
    elif mark in "*_~":  # each of a row may begin or end something
        row = DELIMITERS.match(state.src, state.pos)
        steps = STEPS_PER_MARK + (len(row[0]) if row else 0)
    else:
        steps = STEPS_PER_MARK
    state.env["document"].work.spend(steps)
    return False


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Missing cells are filled up: a short text can ask for a huge table."""
    if not table(state, start, end, True):
        return False
    if silent:
        return True
    columns = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]].count("-|") + 1
    rows = 1
    while start + 1 + rows < end and not state.isEmpty(start + 1 + rows):
        rows += 1
    state.env["document"].work.spend(STEPS_PER_TABLE + columns * rows)
    return table(state, start, end, False)
