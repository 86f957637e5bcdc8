"""Colours for code, by Pygments and the few classes the style sheet knows.

Colouring is decoration: a language not in the list, a block too long, or a text with more
code than the bounds below is shown plain, never refused. Only languages whose lexers were
tried on hostile input are in the list.
"""

import time
from functools import cache
from typing import TYPE_CHECKING, Any

from .document import Document

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LONGEST_BLOCK = 15_000
LONGEST_LINE = 500
MANY_EMPTY_LINES = "\n" * 30
MOST_LANGUAGES = 12
PIECES_PER_LOOK = 50  # at the clock: a lexer in its bad case takes long for few pieces
#: Each as Pygments calls it, and as readers do where they use another name.
LANGUAGES = {
    entry.split("=")[0]: entry.split("=")[-1]
    for entry in """Ada,ApacheConf,AppleScript,Awk,Bash,Bash Session=Bash,Batchfile,C,C#,C++,CMake,
    CSS,Clojure,CoffeeScript,Common Lisp,Crystal,D,Dart,Delphi,Diff,Django/Jinja,Docker,Elixir,Elm,
    EmacsLisp,Erlang,F#,Fish,Fortran,GAS,GDScript,GLSL,Gherkin,Go,GraphQL,Groovy,HTML,HTTP,Haskell,
    INI,JSON,JSX,Java,JavaScript,Julia,Kotlin,LessCss=Less,Lua,Makefile,Markdown,MySQL,NASM,
    Nginx configuration file=Nginx,Nimrod=Nim,Nix,OCaml,Objective-C,PHP,Perl,
    PostgreSQL SQL dialect=PostgreSQL,PowerShell,Prolog,Properties,Protocol Buffer,Python,
    Python console session=Python,Racket,Ruby,Rust,S=R,SCSS,SQL,Sass,Scala,Scheme,Solidity,Swift,
    TOML,TSX,Tcl,TeX=LaTeX,Terraform,TypeScript,VB.net,VimL=Vim,WebAssembly,XML,YAML,Zig,
    reStructuredText,verilog=Verilog,vhdl=VHDL""".replace("\n    ", "").split(",")
}
# Pygments knows some eighty kinds of token; the style sheet has five colours.
CLASSES = {
    kind: css
    for css, kinds in {
        "c1": "Comment Generic.Prompt",
        "kn": "Comment.Preproc Keyword.Namespace",
        "s": "Comment.PreprocFile Generic.Inserted Literal.String",
        "k": "Generic.Deleted Keyword Name.Tag",
        "nf": "Generic.Heading Generic.Subheading Name.Decorator Name.Function",
        "kc": "Keyword.Constant",
        "mi": "Literal.Number",
        "mf": "Literal.Number.Float",
        "sd": "Literal.String.Doc",
        "s2": "Literal.String.Double",
        "si": "Literal.String.Interpol",
        "s1": "Literal.String.Single",
        "nb": "Name.Attribute Name.Builtin",
        "nc": "Name.Class Name.Exception",
        "ow": "Operator.Word",
    }.items()
    for kind in kinds.split()
}


def language_name(alias: str) -> str:
    """`py` → `Python`; empty when the language is unknown."""
    return _names().get(alias.lower(), "") if alias else ""


@cache
def _names() -> dict[str, str]:
    from pygments.lexers import get_all_lexers

    return {
        alias: name
        for name, aliases, _patterns, _types in get_all_lexers(plugins=False)
        for alias in aliases
        if name in LANGUAGES
    }


@cache
def _lexer(language: str) -> "Lexer":
    """Looked up once: finding a lexer costs more than colouring a short block."""
    from pygments.lexers import find_lexer_class

    lexer = find_lexer_class(language)
    if lexer is None:
        raise LookupError(language)
    return lexer(stripnl=False)


def pieces(source: str, language: str, document: Document) -> list[tuple[str, str]] | None:
    """The source as (class, text); None when it is to stay plain."""
    if not language or len(source) > LONGEST_BLOCK or _is_odd(source):
        return None
    document.languages.add(language)
    if len(document.languages) > MOST_LANGUAGES:
        return None
    found = _coloured(source, language, document)
    document.code_pieces -= len(found)
    return found if document.code_pieces >= 0 else None


def _coloured(source: str, language: str, document: Document) -> list[tuple[str, str]]:
    started = time.thread_time()
    found = []
    for kind, text in _lexer(language).get_tokens(source):
        found.append((_css_class(kind), text))
        if len(found) % PIECES_PER_LOOK == 0:
            if time.thread_time() - started > document.code_seconds:
                document.code_pieces = 0
            if len(found) > min(document.code_pieces, document.work.left):
                break
    document.code_seconds -= time.thread_time() - started
    return found


def _is_odd(source: str) -> bool:
    """Long lines and many empty ones in a row are where lexers get slow."""
    return MANY_EMPTY_LINES in source or any(
        len(line) > LONGEST_LINE for line in source.split("\n")
    )


@cache
def _css_class(kind: Any) -> str:
    while kind:
        if css := CLASSES.get(str(kind).removeprefix("Token.")):
            return css
        kind = kind.parent
    return ""
