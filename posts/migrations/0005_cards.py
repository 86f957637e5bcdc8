from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posts", "0004_readers_pages")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="card",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=60
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="card_due",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("card_due", True)),
                fields=["-published_at"],
                name="post_card_due",
            ),
        ),
    ]
