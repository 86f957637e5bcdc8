"""Posts that a new address of the site itself would shadow."""

from typing import Any

from django.core.checks import Tags, Warning, register
from django.db import DatabaseError, connections


@register(Tags.database)
def shadowed_posts(databases: Any = None, **kwargs: Any) -> list[Warning]:
    from posts.models import Post
    from posts.slugs import reserved_words

    if not databases or "default" not in databases:
        return []
    try:
        if Post._meta.db_table not in connections["default"].introspection.table_names():
            return []
        shadowed = Post.objects.filter(slug__in=reserved_words()).values_list("slug", flat=True)
        return [
            Warning(
                f"The post “{slug}” cannot be reached: the site answers /{slug}/ itself.",
                hint="Give the post another address in the admin.",
                id="posts.W001",
            )
            for slug in shadowed
        ]
    except DatabaseError:
        return []
