"""What may be in stored HTML. nh3 (a real HTML parser) is the last step of rendering.

Two lists: what a person may write as raw HTML (`RAW_TAGS`, applied by `rawhtml` before
anything of ours is added) and what may leave the renderer, which is wider by our own
elements and classes. Should the first ever let something through, the second still allows
nothing that runs, loads a frame or sends a form: inputs are always disabled check boxes,
buttons always hidden and without a form.
"""

import re
from functools import cache
from urllib.parse import urljoin

import nh3

SCHEMES = {"http", "https", "mailto", "tel", "ftp", "xmpp"}
RAW_TAGS = {
    "a", "abbr", "address", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite",
    "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "footer", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small",
    "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul", "var", "video", "wbr",
}  # fmt: skip
# Addresses only where nh3 checks them: `cite` it passes as it is.
RAW_ATTRIBUTES = {
    "*": {"dir", "id", "lang", "title"},
    "a": {"href", "hreflang"},
    "audio": {"controls", "loop", "muted", "preload", "src"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"name", "open"},
    "img": {"alt", "height", "src", "width"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"controls", "height", "loop", "muted", "poster", "preload", "src", "width"},
}
MATH_TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
MATH_ATTRIBUTES = {
    "accent", "accentunder", "align", "columnalign", "columnlines", "columnspacing", "depth",
    "display", "displaystyle", "fence", "form", "height", "linethickness", "lspace", "mathsize",
    "mathvariant", "maxsize", "minsize", "notation", "rowalign", "rowlines", "rowspacing",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
MATH = dict.fromkeys(MATH_TAGS, MATH_ATTRIBUTES)
OUR_TAGS = {"button", "input", "label", "nav", "picture"}
COPIES = {"img": {"sizes", "srcset"}, "source": {"sizes", "srcset"}}
OUR_ATTRIBUTES = {
    "a": {"aria-label"},
    "button": {"hidden"},
    "div": {"aria-label", "role", "tabindex"},
    "img": {"decoding", "loading"},
    "input": {"checked", "disabled"},
    "label": {"for"},
    "nav": {"aria-label"},
    "pre": {"tabindex"},
    "span": {"data-n"},
    "th": {"scope"},
}
CODE_CLASSES = {
    "k", "kn", "kc", "ow", "s", "s1", "s2", "sd", "si", "mi", "mf", "nf", "nc", "nb", "c1", "c",
}  # fmt: skip
OUR_CLASSES = {
    "a": {"embed", "n"},
    "button": {"copy"},
    "div": {"callout", "caution", "important", "note", "scroll", "tip", "warning", "wide"},
    "figure": {"code", "gallery", "left", "numbers", "right", "wide"},
    "img": {f"{channel}{step}" for channel in "rgb" for step in range(4)}
    | {f"{axis}{tenth}" for axis in ("fx", "fy") for tenth in range(11)},
    "nav": {"toc"},
    "ol": {"notes"},
    "span": {"from", "hll", "line"} | CODE_CLASSES,
    "td": {"c", "r"},
    "th": {"c", "r"},
    "ul": {"tasks"},
}
#: Paths of this site and widths: the sanitiser itself does not look into these.
SRCSET = re.compile(r"(?:(?:/[\w.~%-]+)+ \d+w(?:, |$))+", re.ASCII)
COMMENT_TAGS = {
    "a", "blockquote", "br", "button", "code", "em", "figcaption", "figure", "li", "ol", "p",
    "pre", "s", "span", "strong", "ul",
}  # fmt: skip


def sanitize(html: str, profile: str, *, lines: bool = False) -> str:
    cleaner = _post_cleaner(lines) if profile == "post" else _comment_cleaner()
    # A byte order mark at the beginning is lost to whoever reads the page.
    return cleaner.clean(html).lstrip("\ufeff")


def for_elsewhere(html: str, base: str) -> str:
    """Stored HTML for feeds, mail and the API: full addresses and no controls.

    The parser resolves addresses on its tree; nothing is replaced in text.
    """

    def full_address(tag: str, attribute: str, value: str) -> str | None:
        if attribute != "srcset" or not _only_our_copies(tag, attribute, value):
            return _only_our_copies(tag, attribute, value)
        copies = (copy.split(" ") for copy in value.split(", "))
        return ", ".join(f"{urljoin(base, address)} {width}" for address, width in copies)

    return nh3.Cleaner(
        tags=(RAW_TAGS | MATH_TAGS | {"input", "picture"}) - {"span"},
        attributes=_merged(RAW_ATTRIBUTES, MATH, {"input": {"checked"}}, COPIES),
        attribute_filter=full_address,
        clean_content_tags={"button"},
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", base),
        link_rel=None,
    ).clean(html)


def _merged(*lists: dict[str, set[str]]) -> dict[str, set[str]]:
    tags = {tag for one in lists for tag in one}
    return {tag: set().union(*(one.get(tag, set()) for one in lists)) for tag in tags}


def _only_our_copies(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "srcset" or SRCSET.fullmatch(value) else None


@cache
def _post_cleaner(lines: bool) -> nh3.Cleaner:
    in_previews = {"*": {"data-line"}} if lines else {}
    return nh3.Cleaner(
        tags=RAW_TAGS | MATH_TAGS | OUR_TAGS,
        attributes=_merged(RAW_ATTRIBUTES, OUR_ATTRIBUTES, COPIES, MATH, in_previews),
        attribute_filter=_only_our_copies,
        allowed_classes=OUR_CLASSES,
        set_tag_attribute_values={
            "audio": {"controls": ""},
            "button": {"type": "button", "hidden": ""},
            "input": {"type": "checkbox", "disabled": ""},
            "video": {"controls": ""},
        },
        url_schemes=SCHEMES,
        link_rel=None,
    )


@cache
def _comment_cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=COMMENT_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}, "pre": {"tabindex"}},
        allowed_classes={"button": {"copy"}, "figure": {"code"}, "span": OUR_CLASSES["span"]},
        set_tag_attribute_values={"button": {"type": "button", "hidden": ""}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc",
    )
