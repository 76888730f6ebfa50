"""Files of addresses in a queue. The application takes them in and removes them, the worker alone moves them on."""

from django.db import migrations, models

LIMITS = "REVOKE UPDATE, TRUNCATE ON units_conversion FROM haicap_app"


class Migration(migrations.Migration):
    dependencies = [("units", "0004_history_may_be_undone")]

    operations = [
        migrations.CreateModel(
            name="Conversion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key_digest", models.CharField(max_length=64, unique=True)),
                ("client", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=2)),
                ("column", models.TextField(default="")),
                ("size", models.BigIntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Đang chờ"),
                            ("running", "Đang xử lý"),
                            ("done", "Đã xong"),
                            ("failed", "Không làm được"),
                        ],
                        default="waiting",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("taken_until", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("bytes_read", models.BigIntegerField(default=0)),
                ("rows", models.IntegerField(default=0)),
                ("exact", models.IntegerField(default=0)),
                ("ambiguous", models.IntegerField(default=0)),
                ("unknown", models.IntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
                ("failure", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "tệp chuyển đổi địa chỉ",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["id"],
                        name="units_conversion_queue",
                    ),
                    models.Index(fields=["expires_at"], name="units_conversion_expiry"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("client",),
                        name="units_conversion_one_a_client",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])),
                        name="units_conversion_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("taken_until__isnull", False),
                            _connector="OR",
                        ),
                        name="units_conversion_taken_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LIMITS, migrations.RunSQL.noop),
    ]
