"""What the installation measured each day; the worker writes it, the application reads it. No unit's rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="DaySize",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("database", models.BigIntegerField()),
                ("files", models.BigIntegerField()),
                ("waiting", models.IntegerField()),
            ],
        ),
        migrations.RunSQL("REVOKE INSERT, UPDATE, DELETE ON jobs_daysize FROM haicap_app;", migrations.RunSQL.noop),
    ]
