"""Issuers that are trusted, their revocation lists, and what was found when certificates were held against both."""

import django.db.models.deletion
from django.db import migrations, models

from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

# Certificates of issuers and their lists are public: everybody who signs in reads them, whoever entered them changes them.
TABLES = ("people_trustanchor", "people_revocationlist")
# The worker holds certificates against them each day and writes what it found, and tells of nothing else.
FOUND = """
CREATE POLICY people_digitalcertificate_judge ON people_digitalcertificate FOR UPDATE TO haicap_worker USING (true);
REVOKE DELETE ON people_trustanchor, people_revocationlist FROM haicap_app;
"""
NOT_FOUND = "DROP POLICY people_digitalcertificate_judge ON people_digitalcertificate;"


def _guarded(table: str) -> migrations.RunSQL:
    reading = f"CREATE POLICY {table}_read ON {table} FOR SELECT TO haicap_app USING (true);"
    forward = guard(table, SEES_UNIT, worker="SELECT") + reading
    return migrations.RunSQL(forward, f"DROP POLICY {table}_read ON {table};" + unguard(table))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_streamlining_money"),
        ("units", "0006_conversions"),
    ]

    operations = [
        migrations.AddField(
            model_name="digitalcertificate",
            name="chain",
            field=models.TextField(
                choices=[
                    ("unchecked", "Chưa kiểm tra: chưa có tệp"),
                    ("trusted", "Đúng nơi cấp tin cậy"),
                    ("unknown", "Chưa rõ nơi cấp"),
                    ("ended", "Chứng thư của nơi cấp đã hết hạn"),
                    ("broken", "Nơi cấp không được phép hoặc đã bị thu hồi"),
                    ("weak", "Ký bằng thuật toán đã yếu"),
                    ("forged", "Không phải nơi cấp ấy ký"),
                ],
                default="unchecked",
            ),
        ),
        migrations.AddField(
            model_name="digitalcertificate",
            name="file",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="digitalcertificate",
            name="judged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="digitalcertificate",
            name="listed",
            field=models.TextField(
                choices=[
                    ("none", "Chưa có danh sách thu hồi"),
                    ("good", "Không bị thu hồi"),
                    ("stale", "Danh sách thu hồi đã quá hạn"),
                    ("held", "Nơi cấp tạm dừng"),
                    ("revoked", "Đã bị thu hồi"),
                ],
                default="none",
            ),
        ),
        migrations.CreateModel(
            name="TrustAnchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("issuer", models.TextField()),
                ("serial", models.TextField()),
                ("fingerprint", models.TextField(unique=True)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField()),
                ("is_root", models.BooleanField()),
                ("file", models.BinaryField()),
                ("entered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "trust anchor",
            },
        ),
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(blank=True, default="")),
                ("this_update", models.DateTimeField()),
                ("next_update", models.DateTimeField()),
                ("entries", models.IntegerField()),
                ("file", models.BinaryField()),
                ("entered_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "anchor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation_list",
                        to="people.trustanchor",
                    ),
                ),
            ],
            options={
                "verbose_name": "revocation list",
            },
        ),
        migrations.AddField(
            model_name="digitalcertificate",
            name="anchor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.trustanchor"
            ),
        ),
        *(_guarded(table) for table in TABLES),
        migrations.RunSQL(FOUND, NOT_FOUND),
    ]
