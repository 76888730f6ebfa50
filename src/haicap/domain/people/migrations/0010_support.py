"""Support access: asked for, approved by the unit, for some hours, to read. Changed by these functions alone, which judge
by the posts in the database who asks, who approves and who ends; what is lent at a moment is told to `scope_enter`.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from haicap.kernel.scope.policies import guard, unguard

ROLES = [
    ("counter", "Cán bộ một cửa"), ("case_officer", "Chuyên môn"), ("head", "Lãnh đạo phòng"), ("chair", "Chủ tịch"),
    ("clerk", "Văn thư"), ("administrator", "Quản trị"), ("operations", "Điều hành"), ("department", "Chuyên viên sở"),
    ("support", "Hỗ trợ kỹ thuật"),
]  # fmt: skip
SEES = "unit_id = ANY ((SELECT scope_units())::int[]) OR account_id = (SELECT scope_actor())"

FORWARD = """
REVOKE INSERT, UPDATE, DELETE ON people_supportgrant FROM haicap_app, haicap_worker;
CREATE INDEX people_support_open ON people_supportgrant (unit_id) WHERE ended_at IS NULL;

-- True for somebody active who holds one of the roles in a unit (any, where none is named) on this day of Vietnam.
CREATE FUNCTION people_holds(p_account bigint, p_roles text[], p_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT FROM public.people_appointment p JOIN public.people_agency a ON a.id = p.agency_id
    JOIN public.people_account c ON c.id = p.account_id AND c.active
    CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today) d
    WHERE p.account_id = p_account AND p.role = ANY (p_roles) AND (p_unit IS NULL OR a.unit_id = p_unit)
      AND p.valid_from <= d.today AND (p.valid_to IS NULL OR p.valid_to > d.today)) $$;

CREATE FUNCTION people_support_ask(p_unit bigint, p_reason text, p_hours int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public.people_supportgrant (account_id, unit_id, reason, hours, asked_at)
  SELECT public.scope_actor(), p_unit, p_reason, p_hours, now()
  WHERE public.people_holds(public.scope_actor(), ARRAY['support'], NULL) RETURNING id $$;

-- It begins some seconds later: by then every page of the unit says so, whichever process makes it.
CREATE FUNCTION people_support_decide(p_grant bigint, p_approved boolean, p_delay interval) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH done AS (
    UPDATE public.people_supportgrant g SET approved = p_approved, decided_at = now(), decided_by_id = public.scope_actor(),
      begins_at = CASE WHEN p_approved THEN now() + p_delay END,
      ends_at = CASE WHEN p_approved THEN now() + p_delay + make_interval(hours => g.hours) END
    WHERE g.id = p_grant AND g.approved IS NULL AND g.ended_at IS NULL AND g.asked_at > now() - interval '24 hours'
      AND g.account_id <> public.scope_actor()
      AND public.people_holds(public.scope_actor(), ARRAY['chair', 'administrator'], g.unit_id)
    RETURNING 1)
  SELECT EXISTS (SELECT FROM done) $$;

CREATE FUNCTION people_support_end(p_grant bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH done AS (
    UPDATE public.people_supportgrant g SET ended_at = now(), ended_by_id = public.scope_actor()
    WHERE g.id = p_grant AND g.ended_at IS NULL AND g.approved IS NOT FALSE AND (g.ends_at IS NULL OR g.ends_at > now())
      AND (g.account_id = public.scope_actor()
           OR public.people_holds(public.scope_actor(), ARRAY['chair', 'administrator'], g.unit_id))
    RETURNING 1)
  SELECT EXISTS (SELECT FROM done) $$;

-- What the kernel's function of this name made no promise about: the units that lend their rows to a guest now.
CREATE OR REPLACE FUNCTION scope_lent_units(p_actor int) RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(DISTINCT g.unit_id::int), '{}') FROM public.people_supportgrant g
  WHERE g.account_id = p_actor AND g.approved AND g.ended_at IS NULL AND now() >= g.begins_at AND now() < g.ends_at
    AND public.people_holds(p_actor, ARRAY['support'], NULL) $$;

-- For the banner: what runs (or is asked for) at units, and what is lent to somebody; names and hours, no row of a unit.
CREATE FUNCTION people_support_now(p_units int[], p_actor int)
RETURNS TABLE (unit_id bigint, unit_name text, person text, asked boolean, open boolean, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.unit_id, u.name, c.full_name, g.approved IS NULL, coalesce(g.begins_at <= now(), false),
         coalesce(g.ends_at, g.asked_at + interval '24 hours')
  FROM public.people_supportgrant g JOIN public.people_account c ON c.id = g.account_id
  JOIN public.units_unit u ON u.id = g.unit_id
  WHERE (g.unit_id = ANY (p_units) OR g.account_id = p_actor) AND g.ended_at IS NULL AND g.approved IS NOT FALSE
    AND coalesce(g.ends_at, g.asked_at + interval '24 hours') > now()
  ORDER BY g.id $$;

-- One event for each unit that lends at this moment: its chain is the grant's. Raises for a pass that is dead.
CREATE FUNCTION people_support_note(p_pass bigint, p_actor int, p_name text, p_path text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_grant record; v_noted bigint := 0;
BEGIN
  IF p_pass IS NOT NULL AND public.scope_kind_of_pass(p_pass, p_actor) IS NULL THEN
    RAISE EXCEPTION 'the pass has expired or was revoked' USING ERRCODE = 'HC401';
  END IF;
  PERFORM set_config('haicap.actor', p_actor::text, true), set_config('haicap.actor_name', p_name, true);
  FOR v_grant IN SELECT g.id, g.unit_id FROM public.people_supportgrant g
    WHERE g.account_id = p_actor AND g.approved AND g.ended_at IS NULL AND now() >= g.begins_at AND now() < g.ends_at
  LOOP
    PERFORM public.audit_record('support:' || v_grant.id, 'people:support:view', v_grant.unit_id::int,
                                jsonb_build_object('path', p_path));
    v_noted := v_noted + 1;
  END LOOP;
  RETURN v_noted;
END $$;
"""
BACK = """
DROP FUNCTION people_support_note(bigint, int, text, text); DROP FUNCTION people_support_now(int[], int);
CREATE OR REPLACE FUNCTION scope_lent_units(p_actor int) RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$ SELECT '{}'::int[] $$;
DROP FUNCTION people_support_end(bigint); DROP FUNCTION people_support_decide(bigint, boolean, interval);
DROP FUNCTION people_support_ask(bigint, text, int); DROP FUNCTION people_holds(bigint, text[], bigint);
"""


def _account(name: str, **more: object) -> tuple[str, models.Field]:
    return name, models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account", **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_standing_in"),
        ("scope", "0004_guests"),
        ("audit", "0002_functions"),
        ("units", "0001_initial"),
    ]
    operations = [
        migrations.AlterField("appointment", "role", models.TextField(choices=ROLES)),
        migrations.AlterField("post", "role", models.TextField(blank=True, choices=ROLES, default="")),
        migrations.CreateModel(
            name="SupportGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                _account("account"),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                ("reason", models.TextField()),
                ("hours", models.SmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("approved", models.BooleanField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                _account("decided_by", null=True),
                ("begins_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                _account("ended_by", null=True),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("hours__gte", 1), ("hours__lte", 8)), name="support_lasts_a_working_day_at_most"
                    ),
                    models.CheckConstraint(
                        condition=Q(("approved", True), ("begins_at__isnull", False), ("ends_at__gt", F("begins_at")))
                        | (~Q(("approved", True)) & Q(("begins_at", None), ("ends_at", None)))
                        | Q(("approved", None), ("begins_at", None), ("ends_at", None)),
                        name="approved_support_has_hours",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(guard("people_supportgrant", SEES, worker=""), unguard("people_supportgrant")),
    ]
