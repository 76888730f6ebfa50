"""OpenID providers and who is who there; identities and citizens are seen by their account alone."""

import django.db.models.deletion
from django.db import migrations, models

from haicap.kernel.scope.policies import guard, unguard

OWN = "account_id = (SELECT scope_actor())"
OWNED = ("people_identity", "people_citizen")

FORWARD = """
-- Before somebody is signed in nobody may look at identities; what is told is the number of an account, or nothing.
CREATE FUNCTION people_identity_account(p_provider bigint, p_subject text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT account_id FROM public.people_identity WHERE provider_id = p_provider AND subject = p_subject $$;

CREATE FUNCTION people_citizen_account(p_id_number text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT account_id FROM public.people_citizen WHERE id_number = p_id_number $$;

-- By a staff record's e-mail, where exactly one person who serves and signs in has it.
CREATE FUNCTION people_account_by_email(p_email text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT min(account_id) FROM public.people_official
   WHERE lower(email) = lower(p_email) AND p_email <> '' AND account_id IS NOT NULL AND left_on IS NULL
   HAVING count(*) = 1 $$;

REVOKE ALL ON people_identity, people_citizen FROM haicap_worker;
"""
BACK = """
DROP FUNCTION people_account_by_email(text); DROP FUNCTION people_citizen_account(text);
DROP FUNCTION people_identity_account(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_support"),
    ]

    operations = [
        migrations.CreateModel(
            name="Citizen",
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
                ("id_number", models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("name_en", models.TextField(default="")),
                ("issuer", models.TextField()),
                ("client_id", models.TextField()),
                ("secret_from", models.TextField(blank=True, default="")),
                ("scopes", models.TextField(default="openid profile")),
                ("audience", models.TextField(choices=[("staff", "Cán bộ, công chức"), ("citizens", "Công dân")])),
                ("claim", models.TextField(blank=True, default="")),
                ("acr", models.TextField(blank=True, default="")),
                ("both_factors", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.TextField()),
                ("linked_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.identityprovider"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "subject"), name="identity_once"),
                    models.UniqueConstraint(fields=("provider", "account"), name="identity_one_each_provider"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="identityprovider",
            constraint=models.UniqueConstraint(fields=("issuer", "audience"), name="provider_once"),
        ),
        *(migrations.RunSQL(guard(table, OWN, worker=""), unguard(table)) for table in OWNED),
        migrations.RunSQL(FORWARD, BACK),
    ]
