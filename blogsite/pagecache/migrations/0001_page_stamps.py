from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PageStamp",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField()),
                ("moved_at", models.DateTimeField(db_index=True)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
