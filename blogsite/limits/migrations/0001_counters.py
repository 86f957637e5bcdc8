from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveBigIntegerField()),
                ("expires_at", models.PositiveBigIntegerField(db_index=True)),
            ],
        ),
    ]
