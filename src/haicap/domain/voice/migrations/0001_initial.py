"""Denunciations, and who denounces: sealed, and given out by one function to the named handler alone."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from haicap.kernel.scope.policies import guard, unguard

OWN = "handler_id = (SELECT scope_actor()) OR taken_by_id = (SELECT scope_actor())"
SEES = f"{OWN} OR voice_leads(unit_id)"
WRITES = f"{OWN} OR unit_id = ANY ((SELECT scope_units())::int[])"

BEFORE = """
-- True for the chair (or who acts in the chair's place, in all of it) of a unit in scope, on this day of Vietnam.
CREATE FUNCTION voice_leads(p_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p_unit = ANY (public.scope_units()) AND EXISTS (
    SELECT FROM (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today) d
    CROSS JOIN LATERAL public.people_posts_of(public.scope_actor(), d.today) p
    WHERE p.role = 'chair' AND (p.account_id = public.scope_actor() OR EXISTS (
      SELECT FROM public.people_stands_for(public.scope_actor(), d.today) s
      WHERE s.appointment_id = p.id AND s.kinds = '{}' AND NOT s.signing_only))) $$;

-- Who denounces, as bytes that the installation's key opens. Nobody but the functions below touches it.
CREATE TABLE voice_denouncer (
  entry_id bigint PRIMARY KEY REFERENCES entries_entry DEFERRABLE INITIALLY DEFERRED,
  sealed bytea NOT NULL
);
REVOKE ALL ON voice_denouncer FROM haicap_app, haicap_worker;
ALTER TABLE voice_denouncer ENABLE ROW LEVEL SECURITY;
"""
BEFORE_BACK = "DROP TABLE voice_denouncer; DROP FUNCTION voice_leads(bigint);"
FORWARD = """
REVOKE UPDATE, DELETE ON voice_denunciation FROM haicap_app, haicap_worker;
GRANT UPDATE (extensions) ON voice_denunciation TO haicap_app;

-- By who takes the denunciation down, once.
CREATE FUNCTION voice_seal(p_entry bigint, p_sealed bytea) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH done AS (
    INSERT INTO public.voice_denouncer (entry_id, sealed)
    SELECT d.entry_id, p_sealed FROM public.voice_denunciation d
    WHERE d.entry_id = p_entry AND d.taken_by_id = public.scope_actor() AND d.handler_id IS NULL
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT EXISTS (SELECT FROM done) $$;

-- By who leads the unit, to somebody who has a post in it.
CREATE FUNCTION voice_name_handler(p_entry bigint, p_account bigint, p_decision text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH done AS (
    UPDATE public.voice_denunciation d SET handler_id = p_account, handler_decision = p_decision
    WHERE d.entry_id = p_entry AND public.voice_leads(d.unit_id) AND EXISTS (
      SELECT FROM public.people_posts_of(p_account, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) p
      JOIN public.people_agency a ON a.id = p.agency_id
      WHERE p.account_id = p_account AND a.unit_id = ANY (public.scope_units()))
    RETURNING 1)
  SELECT EXISTS (SELECT FROM done) $$;

-- Who denounces, to the named handler; each opening is an event of the trail. NULL for anybody else, the
-- chair too, and for a handler who holds no post any more.
CREATE FUNCTION voice_open(p_entry bigint, p_reason text) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE v_sealed bytea; v_unit int;
BEGIN
  SELECT s.sealed, d.unit_id INTO v_sealed, v_unit
  FROM public.voice_denouncer s JOIN public.voice_denunciation d ON d.entry_id = s.entry_id
  WHERE s.entry_id = p_entry AND d.handler_id = public.scope_actor()
    AND EXISTS (SELECT FROM public.people_posts_of(public.scope_actor(), (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) p
                WHERE p.account_id = public.scope_actor());
  IF v_sealed IS NOT NULL THEN
    PERFORM public.audit_record('entry:' || p_entry, 'denunciation:identity:open', v_unit,
                                jsonb_build_object('reason', p_reason));
  END IF;
  RETURN v_sealed;
END $$;
"""
BACK = """
DROP FUNCTION voice_open(bigint, text); DROP FUNCTION voice_name_handler(bigint, bigint, text);
DROP FUNCTION voice_seal(bigint, bytea);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("people", "0015_delegation_scope"),
        ("units", "0001_initial"),
        ("entries", "0006_hand_over"),
        ("audit", "0002_functions"),
    ]
    operations = [
        migrations.RunSQL(BEFORE, BEFORE_BACK),
        migrations.CreateModel(
            name="Denunciation",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="denunciation",
                        serialize=False,
                        to="entries.entry",
                    ),
                ),
                ("taken_by_id", models.IntegerField()),
                (
                    "way",
                    models.TextField(choices=[("letter", "Đơn"), ("spoken", "Trình bày trực tiếp, ghi biên bản")]),
                ),
                ("against", models.TextField()),
                ("content", models.TextField()),
                ("several_places", models.BooleanField(default=False)),
                ("extensions", models.SmallIntegerField(default=0)),
                ("handler_id", models.IntegerField(null=True)),
                ("handler_decision", models.TextField(blank=True, default="")),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("extensions__range", (0, 2))), name="denunciation_extended_twice"
                    ),
                    models.CheckConstraint(
                        condition=Q(("handler_id", None)) | ~Q(("handler_decision", "")),
                        name="denunciation_handler_by_decision",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(
            guard("voice_denunciation", SEES, may_write=WRITES, worker=""), unguard("voice_denunciation")
        ),
    ]
