from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("site", "0002_stopping_checks")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="lists_members_posts",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Strangers are told that the rest is for members. Off: they see nothing.",
                verbose_name="show posts for members to everybody, by title and excerpt",
            ),
        ),
    ]
