"""Acting in another's post for a time, sheets of handed-over work, why an assignment ended; who leads a body is public."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import haicap.domain.units.models.units
from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

FORWARD = """
-- Whose posts an account acts in on a day: asked before anybody's scope is entered, so as the owner, and of one account.
CREATE FUNCTION people_stands_for(p_account bigint, p_day date)
RETURNS TABLE (appointment_id bigint, giver_id bigint, giver text, kind text, decision text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.id, p.account_id, c.full_name, d.kind, d.decision_number
  FROM public.people_delegation d JOIN public.people_appointment p ON p.id = d.appointment_id
  JOIN public.people_account c ON c.id = p.account_id
  WHERE d.account_id = p_account AND d.valid_from <= p_day AND d.valid_to > p_day
    AND p.valid_from <= p_day AND (p.valid_to IS NULL OR p.valid_to > p_day)
  ORDER BY d.id $$;

-- Who leads a body is public; nobody else's assignment is told.
CREATE FUNCTION people_leaders(p_unit bigint, p_day date) RETURNS TABLE (body_key text, post_key text, full_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.body_key, a.post_key, o.full_name
  FROM public.people_assignment a JOIN public.people_official o ON o.id = a.official_id
  WHERE a.unit_id = p_unit AND a.valid_from <= p_day AND (a.valid_to IS NULL OR a.valid_to > p_day)
    AND EXISTS (SELECT FROM public.people_body b JOIN public.people_post p ON p.body_id = b.id
                WHERE b.unit_id = a.unit_id AND b.key = a.body_key AND p.key = a.post_key AND p.role IN ('chair', 'head')
                  AND p.valid_from <= p_day AND (p.valid_to IS NULL OR p.valid_to > p_day))
  ORDER BY a.valid_from, a.id $$;

-- The worker tells a unit's records from those of somebody who worked in it beside and no longer does.
CREATE POLICY people_official_worker_tidies ON people_official FOR UPDATE TO haicap_worker USING (true);
"""
BACK = """
DROP POLICY people_official_worker_tidies ON people_official;
DROP FUNCTION people_leaders(bigint, date); DROP FUNCTION people_stands_for(bigint, date);
"""
DELEGATION = (
    f"{SEES_UNIT} OR account_id = (SELECT scope_actor())"  # noqa: S608 - of fixed parts
    " OR EXISTS (SELECT FROM people_appointment p WHERE p.id = appointment_id AND p.account_id = (SELECT scope_actor()))"
)
HANDOVER = f"{SEES_UNIT} OR (SELECT scope_actor()) IN (giver_id, taker_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_training"),
        ("units", "0006_conversions"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="ended_why",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(choices=[("delegation", "Ủy quyền"), ("absence", "Vắng mặt, có người thay")]),
                ),
                ("decision_number", models.TextField()),
                ("decision_date", models.DateField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("conditions", models.TextField(blank=True, default="")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delegations", to="people.account"
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="delegations", to="people.appointment"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))), name="delegation_has_a_day"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("appointment", "="),
                            ("account", "="),
                            (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="people_delegation_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("kind", "absence")),
                        expressions=[
                            ("appointment", "="),
                            (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="people_delegation_one_deputy",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("giver_post", models.TextField()),
                ("taker_post", models.TextField()),
                (
                    "appointments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("day", models.DateField()),
                ("decision_number", models.TextField(blank=True, default="")),
                ("reason", models.TextField()),
                ("witness", models.TextField(blank=True, default="")),
                ("done_at", models.DateTimeField(null=True)),
                ("lines", models.JSONField(default=list)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "handover",
                "indexes": [
                    models.Index(condition=models.Q(("done_at", None)), fields=["day"], name="people_handover_due"),
                    models.Index(fields=["giver"], name="people_handover_giver"),
                    models.Index(fields=["taker"], name="people_handover_taker"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True), name="handover_between_two"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            guard("people_delegation", DELEGATION, may_write=SEES_UNIT, worker="SELECT"), unguard("people_delegation")
        ),
        migrations.RunSQL(guard("people_handover", HANDOVER, may_write=SEES_UNIT), unguard("people_handover")),
        migrations.RunSQL(FORWARD, BACK),
    ]
