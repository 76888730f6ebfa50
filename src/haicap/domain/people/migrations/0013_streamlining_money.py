"""A decided case remembers what it ended, and by which decision it was revoked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_accounts_guarded"),
        ("units", "0006_conversions"),
    ]

    operations = [
        migrations.AddField(
            model_name="streamliningcase",
            name="ended",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="streamliningcase",
            name="revoked_date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="streamliningcase",
            name="revoked_number",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="streamliningcase",
            name="revoked_why",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="streamliningcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_date", None), ("revoked_number", ""), ("revoked_why", "")),
                    models.Q(
                        ("revoked_date__isnull", False),
                        ("state", "withdrawn"),
                        models.Q(("revoked_number", ""), _negated=True),
                        models.Q(("revoked_why", ""), _negated=True),
                        models.Q(("decision_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="case_revoked_by_a_decision",
            ),
        ),
    ]
