"""The index in the database: PostgreSQL's lists of words, or SQLite's FTS5.

Both are given words that are cut and stemmed already, so both find the same. Rows are read from
the newest post on, and no further than is asked for: a word of every post costs no more than
another. Everything here is one statement.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from posts.search.documents import Row, made_for
from posts.search.query import Term

REPLACE = {
    "sqlite": """
        REPLACE INTO posts_search (rowid, made_for, touched_at, title, tags, headings, body)
        VALUES {rows}
    """,
    "postgresql": """
        INSERT INTO posts_search
            (rowid, made_for, touched_at, title, tags, headings, head, everything)
        VALUES {rows}
        ON CONFLICT (rowid) DO UPDATE SET
            made_for = excluded.made_for, touched_at = excluded.touched_at,
            title = excluded.title, tags = excluded.tags, headings = excluded.headings,
            head = excluded.head, everything = excluded.everything
    """,
}
REMOVE = "DELETE FROM posts_search WHERE rowid IN ({marks})"
#: In their order: two writers that bring the same new words wait for each other one way only.
LEARN = {
    "sqlite": """
        INSERT OR IGNORE INTO posts_searchword (word, backwards)
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)
    """,
    "postgresql": """
        INSERT INTO posts_searchword (word, backwards)
        SELECT value ->> 0, value ->> 1 FROM json_array_elements(%s::json)
        ON CONFLICT DO NOTHING
    """,
}
#: First the newest rows with the words, as many as ever matter; then what of them may be seen.
FIND = """
    SELECT its_post.id, its_post.published_at, its_row.title, its_row.tags, its_row.headings
    FROM ({newest}) hit
    JOIN posts_post its_post ON its_post.id = abs(hit.number)
    JOIN posts_search its_row ON its_row.rowid = hit.number
    WHERE EXISTS ({visible})
    ORDER BY its_post.id DESC LIMIT %s
"""
NEWEST = """
    SELECT number FROM (
        SELECT rowid AS number FROM posts_search WHERE {match} AND rowid {side} LIMIT %s
    ) {name}
"""
FOR_READERS, FOR_THE_DESK = "> 0 ORDER BY rowid DESC", "< 0 ORDER BY rowid"
ITS_POST = "its_post.id"
#: Of so many rows for each that is wanted the others may be hidden.
SPARE = 2
DUE = """
    SELECT posts_post.id FROM posts_post
    LEFT JOIN posts_search ON posts_search.rowid = posts_post.id
    WHERE posts_post.id > %s AND (posts_search.touched_at IS NULL
        OR posts_search.touched_at < posts_post.touched_at
        OR posts_search.made_for <> %s || coalesce(nullif(posts_post.language, ''), %s))
    ORDER BY posts_post.id LIMIT %s
"""
NEAR = """
    SELECT word FROM posts_searchword
    WHERE (word >= %s AND word < %s OR backwards >= %s AND backwards < %s)
        AND length(word) BETWEEN %s AND %s
    LIMIT 2000
"""
BEGUN = """
    SELECT word FROM posts_searchword WHERE word > %s AND word < %s
    ORDER BY length(word), word LIMIT %s
"""
FORGET_WORDS = "DELETE FROM posts_searchword"
FORGET_GONE = "DELETE FROM posts_search WHERE abs(rowid) NOT IN (SELECT id FROM posts_post)"
#: After every letter and digit.
LAST = "\U0010ffff"
SHORTEST_LEARNT, LONGEST_LEARNT = 3, 30


def write(rows: Sequence[Row]) -> None:
    one = {"sqlite": "(%s, %s, %s, %s, %s, %s, %s)"}.get(
        connection.vendor, "(%s, %s, %s, %s, %s, %s, %s::tsvector, %s::tsvector)"
    )
    sql = REPLACE[connection.vendor].format(rows=", ".join([one] * len(rows)))
    _run(sql, *(value for row in rows for value in _values(row)))
    _run(LEARN[connection.vendor], json.dumps([[word, word[::-1]] for word in _new_words(rows)]))


def _values(row: Row) -> list[Any]:
    stored: list[Any] = [*row][:-1]
    stored[2] = connection.ops.adapt_datetimefield_value(row.touched_at)
    if connection.vendor == "sqlite":
        return stored
    head = f"{row.title} {row.tags}"
    return [*stored[:-1], _vector(head), _vector(f"{head} {row.headings} {row.body}")]


def _vector(words: str) -> str:
    return " ".join(f"'{word}':{place}" for place, word in enumerate(words.split(), 1))


def _new_words(rows: Iterable[Row]) -> list[str]:
    found = {word for row in rows for word in row.words if word.isalpha()}
    return sorted(word for word in found if SHORTEST_LEARNT <= len(word) <= LONGEST_LEARNT)


def remove(numbers: Sequence[int]) -> None:
    _run(REMOVE.format(marks=", ".join(["%s"] * len(numbers))), *numbers)


def find(
    terms: Sequence[Term],
    *,
    visible: QuerySet[Any],
    at_desk: bool = False,
    in_head: bool = False,
    limit: int,
) -> list[tuple[int, datetime | None, str, str, str]]:
    """The newest posts that hold all terms; `in_head`: in their title and topics; `at_desk`: or
    in what only the desk may find."""
    try:
        this = visible.order_by().filter(pk=RawSQL(ITS_POST, []))  # noqa: S611 -- a constant
        allowed, params = this.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    match, asked = _match(terms, in_head)
    newest = [NEWEST.format(match=match, side=FOR_READERS, name="for_readers")]
    if at_desk:
        newest.append(NEWEST.format(match=match, side=FOR_THE_DESK, name="for_desk"))
    sql = FIND.format(newest=" UNION ALL ".join(newest), visible=allowed)
    found = _run(sql, *[*asked, limit * SPARE] * len(newest), *params, limit)
    # SQLite says no zone: stored is always UTC.
    return [(pk, moment and moment.replace(tzinfo=UTC), *fields) for pk, moment, *fields in found]


def _match(terms: Sequence[Term], in_head: bool) -> tuple[str, list[str]]:
    """The condition, and what it asks for."""
    head = [term for term in terms if not (term.excluded or term.is_mark)] if in_head else []
    if connection.vendor == "sqlite":
        asked = _in_fts5(terms)
        if head:
            asked = f"{{title tags}} : ({_in_fts5(head)}) AND ({asked})"
        return "posts_search MATCH %s", [asked]
    # What stands in the head stands in everything: asked twice, it is looked for in vain.
    parts = {"head": head, "everything": [] if head == [*terms] else terms}
    said = {column: _tsquery(some) for column, some in parts.items() if some}
    return " AND ".join(f"{column} @@ %s::tsquery" for column in said), [*said.values()]


def _in_fts5(terms: Sequence[Term]) -> str:
    """Words are letters and digits alone; quoted, none of them is an operator."""

    def written(phrase: str) -> str:
        return f'"{phrase[:-1]}"*' if phrase.endswith("*") else f'"{phrase}"'

    groups = {
        excluded: [
            "(" + " OR ".join(map(written, term.phrases)) + ")"
            for term in terms
            if term.excluded == excluded
        ]
        for excluded in (False, True)
    }
    wanted = "(" + " AND ".join(groups[False]) + ")"
    return " NOT ".join([wanted, *groups[True]])


def _tsquery(terms: Sequence[Term]) -> str:
    def written(word: str) -> str:
        return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"

    groups = []
    for term in terms:
        phrases = (" <-> ".join(map(written, one.split())) for one in term.phrases)
        group = " | ".join(f"({phrase})" for phrase in phrases)
        groups.append(f"{'!' * term.excluded}({group})")
    return " & ".join(groups)


def due(after: int, language: str, limit: int) -> list[int]:
    """Posts behind this one whose words are missing or outdated."""
    return [pk for (pk,) in _run(DUE, after, made_for(), language, limit)]


def words_near(word: str, slips: int) -> list[str]:
    """Words that share its beginning or its end, as all do that are so few slips away."""
    kept = max(2, (len(word) - slips) // (slips + 1))
    start, end = word[:kept], word[::-1][:kept]
    around = len(word) - slips, len(word) + slips
    return [one for (one,) in _run(NEAR, start, start + LAST, end, end + LAST, *around)]


def words_begun(start: str, limit: int) -> list[str]:
    """The shortest words that begin so."""
    return [word for (word,) in _run(BEGUN, start, start + LAST, limit)]


def forget_words() -> None:
    _run(FORGET_WORDS)


def forget_gone() -> None:
    _run(FORGET_GONE)


def _run(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
