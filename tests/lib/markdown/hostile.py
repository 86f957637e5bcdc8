"""Texts that make parsers slow: name → a function from a length to about so many characters."""

import random
from collections.abc import Callable

Maker = Callable[[int], str]
REPEATED = [
    "*a **a ", "*a ", "_a ", "a* ", "*a_ ", "a**b c* ", "*", "_", "~", "~~a", "*_", "a**b",
    "***a** ",
    "**x [a*b**c*](d)", "[", "]", "[a", "[](", "[a](", "[a](<b", "![", "![[]()", '[a](b "c',
    "[a](b 'c", "[a]: /x\n", "[a]:\n", "[a]: b\n'", "[a]: x 'a\n", "[a\n", "`", "`a", "`` ` ",
    "<", "<a ", "<a b='", "<!--", "a <!-- ", "a <?", "a <!A ", "a <![CDATA[", "<a>", "<b>",
    "<b>x\n\n", "<div>\n", "<div>\n\n", "<details>\n\n", "</p>", "<a@b", "<a:", "<a:b>",
    "<b><i><u>",
    "<p><b><i>", "<a href=x><b>", "<b>a</i>", "<ul><li>", "<dl><dt>", "<table>", "<table><tr><td>",
    "<table>x<b>", "<p><font><a>", "<nobr>", "<h1>", "<select><option>", "<template>", "<svg><p>",
    "<math><mi>", "<pre>\n", "<script>\n", "<textarea>\n", "<br class='a' id=b onclick=c>",
    "&", "&amp;", "&a", "&#", "\\", "\\*", ">", "> ", ">\n", "> a\n", "> > > > > a\n", "> a\n\n",
    ">\t", "-\t", "- ", "- a\n", "-\n", "* ", "1. ", "- - - - a\n", "- a\n\n  b\n\n", "- > ",
    "> - ", "- [ ] a\n", "1) a\n2. b\n", "+ a\n- b\n* c\n", "> - * ", "1. > - ", "> <div>\n",
    "a|b\n-|-\n\n", "|", "|\n", "a|\n", "|-|\n", "-|", "# a\n", "#", "a\n-\n", "a\n=\n", "=\n",
    "## a*b `c` [d](e)\n", "---\n", "- - -\n", "```\n", "```a\nb\n", "~~~\n", "    a\n",
    "```python\nx=1\n```\n", "```python {1-999999999}\nx=1\n```\n", "http://a.b ", "http://",
    "http://a", "www.", "www.a.b ", "@", "a@b.c ", "a@", "a.b", "://", "mailto:", "mailto:a@b.c ",
    "www_", "x:", ":", "http://_.", "+@a.b ", "a-", "a._@", "[http://a.b", "^[a", "^[a]", "[^",
    "[^a]:", "[^a]: ", "[^a]:\n    ", "^", "a\n: b\n\n", "a\n: ", ": ", ": a\n", "~ a\n",
    "> [!NOTE]\n", "> [!NOTE]\n> a\n\n", "[!NOTE]\n", "*[a]: b\n", '![a](b "c")\n\n', "![a](b)",
    "![a](b){width=1}\n\n", "{", "![](a){", "{.a}", "![](a){a=", "[TOC]\n\n", "++a++", "++",
    "https://youtu.be/aaaaaaaaaaa\n\n", "https://a.b/@c/1234567890\n\n", '"', '"a ', "a\" ", "'",
    "'a' \"b\" ", "a'b", "\"*a* ", "\"`a`", "'*a*", '"\n', ".", ".. ", "--", "a -- b ", "!", "?",
    "$", "$a$ ", "$$\na\n$$\n", "$$ a\n", "$a ", "![ <b><i><b><i>", "[a](b `c` ",
    "word ", " ", "\t", "\n", " \n", "a\n", "a  \n", "a\\\n",
    "a\r\n", "a", "漢", "👩\u200d🚀", "שלום ", "\0", "\x01\x1b", "\ufeff", "a\u200b", "e\u0301",
    "\u00a0*", "a\n<", "a [b\n", "a\n1", "<kbd>a</kbd>",
]  # fmt: skip
GROWING: dict[str, Maker] = {
    "nested emphasis": lambda n: "*a " * (n // 6) + "a* " * (n // 6),
    "nested brackets": lambda n: "[" * (n // 2) + "a" + "]" * (n // 2),
    "nested links": lambda n: "[" * (n // 10) + "a" + "](b)" * (n // 10),
    "nested pictures": lambda n: "![" * (n // 8) + "a" + "](b)" * (n // 8),
    "nested notes": lambda n: "^[" * (n // 3) + "]" * (n // 3),
    "many uses of one address": lambda n: "[a]: /x\n\n" + "[a] " * (n // 4),
    "many uses of a long address": lambda n: f"[a]: /{'x' * (n // 2)}\n\n" + "[a]" * (n // 6),
    "many uses of a long title": lambda n: f"[a]: /x '{'x' * (n // 2)}'\n\n" + "[a]" * (n // 6),
    "many addresses": lambda n: "".join(f"[a{i}]: /x\n" for i in range(n // 12)),
    "a title over many lines": lambda n: "[a]: x '\n" + "b\n" * (n // 2),
    "longer and longer ticks": lambda n: "".join("e" + "`" * i for i in range(int((2 * n) ** 0.5))),
    "one tag, many attributes": lambda n: "<a" + " x=y" * (n // 4) + ">",
    "a quote going on lazily": lambda n: ">" * 15 + "a\n" + "b\n" * (n // 2),
    "quotes deeper by line": lambda n: "".join(
        ">" * i + "\n" for i in range(int((2 * n) ** 0.5))
    ),
    "lists deeper by line": lambda n: "".join("  " * i + "- a\n" for i in range(int(n**0.5))),
    "a long table": lambda n: "|a|b|\n|-|-|\n" + "|x|y|\n" * (n // 6),
    "a wide table": lambda n: "|" + "a|" * (n // 6) + "\n|" + "-|" * (n // 6) + "\n|x|",
    "a table to be filled up": lambda n: "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + "x\n" * n,
    "headings that differ by number": lambda n: "".join(f"# a {i}\n" for i in range(n // 8)),
    "code": lambda n: "```python\n" + "x = [1, 'a', None]  # c\n" * (n // 24),
    "code in many languages": lambda n: "".join(
        f"```{language}\na\n```\n" for language in ["c", "go", "sql", "php"] * (n // 50)
    ),
    "code with odd quotes": lambda n: "```python\n" + "'\"\"\"\n" * (n // 5),
    "marks in code": lambda n: "```python {" + "1-9999," * (n // 14) + "}\n" + "x\n" * (n // 4),
    "an address of brackets": lambda n: "http://a.b/" + "(" * (n // 2) + ")" * (n // 2),
    "an address of entities": lambda n: "http://a.b/" + "&a;" * (n // 3),
    "calls of one note": lambda n: "[^a]: x\n\n" + "[^a] " * (n // 5),
    "many notes": lambda n: "".join(f"a[^{i}]\n\n[^{i}]: x\n\n" for i in range(n // 22)),
    "a chain of notes": lambda n: "[^0]\n\n" + "".join(
        f"[^{i}]: x [^{i + 1}]\n\n" for i in range(n // 18)
    ),
    "a note that calls itself": lambda n: "[^a]\n\n[^a]: " + "[^a]" * (n // 4),
    "abbreviations": lambda n: "".join(f"*[A{i}]: x\n" for i in range(n // 20)) + "A1 " * (n // 6),
    "a long abbreviation": lambda n: "*[a]: " + "x" * 190 + "\n\n" + "a " * (n // 2),
    "a formula of fractions": lambda n: "$" + "\\frac{" * (n // 6) + "$",
    "a formula of powers": lambda n: ("$" + "a_{" * 100 + "}" * 100 + "$ ") * (n // 404),
    "a matrix": lambda n: "$\\begin{matrix}" + "a&" * (n // 2) + "\\end{matrix}$",
}  # fmt: skip


def repeating(unit: str) -> Maker:
    return lambda length: unit * (length // len(unit))


MAKERS = {repr(unit): repeating(unit) for unit in REPEATED} | GROWING


def combinations(count: int, seed: int = 1) -> dict[str, Maker]:
    """Two to five of them together in random ways; the same seed gives the same texts."""
    dice = random.Random(seed)
    found: dict[str, Maker] = {}
    while len(found) < count:
        way, make = dice.choice(list(TOGETHER.items()))
        names = dice.sample(list(MAKERS), dice.randint(2, 5))
        found[f"{way}: {', '.join(names)}"] = make([MAKERS[name] for name in names])
    return found


def _alternating(makers: list[Maker]) -> Maker:
    """A piece of each in turn, on one line where they hold no line break."""
    return lambda n: repeating("".join(map(_smallest, makers)))(n)


def _smallest(make: Maker) -> str:
    return next(filter(None, (make(2**power) for power in range(12))))


def _one_after_another(makers: list[Maker]) -> Maker:
    return lambda n: "\n\n".join(make(n // len(makers)) for make in makers)


def _in_blocks(makers: list[Maker]) -> Maker:
    return lambda n: repeating(_one_after_another(makers)(n // 40) + "\n\n")(n)


def _inside(makers: list[Maker]) -> Maker:
    """The last as the text of lines that all begin with the others."""
    *outer, inner = makers
    before = "".join(map(_smallest, outer)).replace("\n", " ")
    return lambda n: "\n".join(before + line for line in inner(n).split("\n"))


def _split_by(makers: list[Maker]) -> Maker:
    """The first before and after the others: what it opens must look past them."""
    first, *others = makers
    return lambda n: first(n // 3) + _alternating(others)(n // 3) + first(n // 3)


TOGETHER = {
    "alternating": _alternating,
    "one after another": _one_after_another,
    "in blocks": _in_blocks,
    "inside": _inside,
    "split by": _split_by,
}
