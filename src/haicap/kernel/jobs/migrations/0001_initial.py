"""Runs of jobs; the worker writes them, the application reads them and may ask for one."""

from django.db import migrations, models

FORWARD = """
REVOKE INSERT, UPDATE, DELETE ON jobs_run FROM haicap_app;
REVOKE UPDATE, DELETE ON jobs_request FROM haicap_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("scope", "0002_functions")]
    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[
                ("job", models.TextField(primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.TextField()),
                ("worker", models.TextField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(default="")),
                ("figures", models.JSONField(default=dict)),
                ("said", models.TextField(default="")),
            ],
            options={
                "indexes": [models.Index(fields=["job", "-id"], name="jobs_run_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), ("outcome__in", ["done", "failed"])),
                            _connector="OR",
                        ),
                        name="jobs_run_ended_with_an_outcome",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
