from django.db import migrations, models

CHOICES = [
    ("allow", "Everything that readers may do"),
    ("no-training", "Show them in searches, but train no AI with them"),
    ("summary", "Show a summary only, and train no AI"),
]


class Migration(migrations.Migration):
    dependencies = [("site", "0003_members_posts_in_lists")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="crawlers",
            field=models.CharField(
                choices=CHOICES,
                db_default="allow",
                default="allow",
                help_text="Told to every crawler; those with manners keep to it.",
                max_length=11,
                verbose_name="what machines may do with texts",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="offers_markdown",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "Each post as text at its address with .md, and a list of them in llms.txt."
                ),
                verbose_name="offer posts as Markdown",
            ),
        ),
    ]
