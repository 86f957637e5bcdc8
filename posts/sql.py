"""What SQL can say and Django's ORM cannot by itself."""

from typing import Any

from django.db.models import Aggregate, IntegerField, JSONField, Subquery


class CountUpTo(Subquery):
    """How many rows a sliced question finds: a count that costs no more than its slice."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class JSONList(Aggregate):
    """The values of a group as one list, in no order."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **more)
