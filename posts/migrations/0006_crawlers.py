from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posts", "0005_cards")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="crawlers",
            field=models.CharField(
                blank=True,
                choices=[
                    ("allow", "Everything that readers may do"),
                    ("no-training", "Show them in searches, but train no AI with them"),
                    ("summary", "Show a summary only, and train no AI"),
                ],
                db_default="",
                default="",
                help_text="Empty: what holds for the whole site.",
                max_length=11,
                verbose_name="what machines may do with it",
            ),
        ),
    ]
