from django.db import migrations
from django.db.models import F, Max, OuterRef, Subquery
from django.utils import timezone


def fill(apps, schema_editor):
    """Until now every save went to the row: the newest version is the live one."""
    post, version = apps.get_model("posts", "Post"), apps.get_model("posts", "Version")
    newest = (
        version.objects.filter(post=OuterRef("pk"))
        .order_by()
        .values("post")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    post.objects.filter(live_number=None).update(live_number=Subquery(newest))
    # What is out already is no news.
    out = post.objects.filter(state="published", published_at__lte=timezone.now())
    out.filter(announced_at=None).update(announced_at=F("published_at"))


class Migration(migrations.Migration):
    dependencies = [("posts", "0002_desk")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
