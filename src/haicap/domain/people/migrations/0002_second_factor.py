"""The second factor of an account and its recovery codes: rows that nobody sees but the account whose they are."""

import django.db.models.deletion
from django.db import migrations, models

from haicap.kernel.scope.policies import guard, unguard

OWN = "account_id = (SELECT scope_actor())"
TABLES = ("people_secondfactor", "people_recoverycode")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("scope", "0003_own_passes")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.account",
                    ),
                ),
                ("seed", models.BinaryField()),
                ("on_since", models.DateTimeField()),
                ("last_step", models.BigIntegerField()),
                ("failures", models.IntegerField(default=0)),
                ("paused_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "digest"), name="recovery_code_once")],
            },
        ),
        *(migrations.RunSQL(guard(table, OWN, worker=""), unguard(table)) for table in TABLES),
        # No policy lets the worker in; it has no business with the tables either.
        migrations.RunSQL("REVOKE ALL ON people_secondfactor, people_recoverycode FROM haicap_worker", ""),
    ]
