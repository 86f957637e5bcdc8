from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("posts", "0003_live_numbers")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="related",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="relations_due",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["state", "-published_at", "-id"],
                name="post_out",
                condition=Q(trashed_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["author", "state", "-published_at", "-id"],
                name="post_by_author",
                condition=Q(trashed_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["state", "-published_at", "-id"],
                name="post_star",
                condition=Q(is_featured=True) & Q(trashed_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["state", "expires_at"],
                name="post_expiring",
                condition=Q(expires_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["state", "featured_until"],
                name="post_star_until",
                condition=Q(featured_until__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["id"],
                name="post_relations_due",
                condition=Q(relations_due=True),
            ),
        ),
        migrations.RemoveIndex(model_name="post", name="post_listed"),
    ]
