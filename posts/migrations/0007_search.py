from django.db import migrations

# Tables of our own, which Django knows nothing of: it has no FTS5 and would tie them to posts.
# What they hold is derived; a chore fills them, so the release that serves meanwhile is not held up.
MADE = {
    "sqlite": [
        """
        CREATE VIRTUAL TABLE posts_search USING fts5(
            made_for UNINDEXED, touched_at UNINDEXED, title, tags, headings, body,
            tokenize = "ascii tokenchars '#'"
        )
        """,
        "CREATE TABLE posts_searchword (word text PRIMARY KEY, backwards text) WITHOUT ROWID",
    ],
    "postgresql": [
        """
        CREATE TABLE posts_search (
            rowid bigint PRIMARY KEY, made_for text, touched_at timestamptz,
            title text, tags text, headings text, head tsvector, everything tsvector
        ) WITH (toast_tuple_target = 128)
        """,
        # Lists of words stand apart from the rows: whoever asks an index alone need not pass them.
        "ALTER TABLE posts_search ALTER head SET STORAGE EXTERNAL",
        "ALTER TABLE posts_search ALTER everything SET STORAGE EXTERNAL",
        """
        CREATE INDEX posts_search_head ON posts_search
        USING gin (head) WITH (gin_pending_list_limit = 256)
        """,
        """
        CREATE INDEX posts_search_everything ON posts_search
        USING gin (everything) WITH (gin_pending_list_limit = 256)
        """,
        """
        CREATE TABLE posts_searchword (
            word text COLLATE "C" PRIMARY KEY, backwards text COLLATE "C"
        )
        """,
    ],
}
BACKWARDS = "CREATE INDEX posts_searchword_backwards ON posts_searchword (backwards)"


def make(apps, schema_editor):
    for statement in [*MADE[schema_editor.connection.vendor], BACKWARDS]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE posts_searchword")
    schema_editor.execute("DROP TABLE posts_search")


class Migration(migrations.Migration):
    dependencies = [("posts", "0006_crawlers")]

    operations = [migrations.RunPython(make, drop)]
