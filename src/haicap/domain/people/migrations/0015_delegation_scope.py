"""A delegation may lend a part of a post: chosen procedures, only signing. Looks at staff records are noted."""

import django.contrib.postgres.fields
from django.db import migrations, models

_STANDS_FOR = """
DROP FUNCTION people_stands_for(bigint, date);
-- Whose posts an account acts in on a day: asked before anybody's scope is entered, so as the owner, and of one account.
CREATE FUNCTION people_stands_for(p_account bigint, p_day date)
RETURNS TABLE (appointment_id bigint, giver_id bigint, giver text, kind text, decision text{columns})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.id, p.account_id, c.full_name, d.kind, d.decision_number{values}
  FROM public.people_delegation d JOIN public.people_appointment p ON p.id = d.appointment_id
  JOIN public.people_account c ON c.id = p.account_id
  WHERE d.account_id = p_account AND d.valid_from <= p_day AND d.valid_to > p_day
    AND p.valid_from <= p_day AND (p.valid_to IS NULL OR p.valid_to > p_day)
  ORDER BY d.id $$;
"""

_LOOKS = """
-- Whose staff record a look is at, where the caller sees it and it is not their own: by its number, by a case of leaving, by
-- the ID number that was searched for.
CREATE OR REPLACE FUNCTION readings_subject(p_subject text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE found bigint; told text := split_part(p_subject, ':', 2);
BEGIN
  CASE split_part(p_subject, ':', 1)
    WHEN 'official' THEN found := told::bigint;
    WHEN 'case' THEN SELECT c.official_id INTO found FROM people_streamliningcase c
                     WHERE c.id = told::bigint AND c.unit_id = ANY (scope_units());
    WHEN 'id-number' THEN SELECT o.id INTO found FROM people_official o WHERE o.id_number = told AND o.id_number <> '';
    ELSE RETURN NULL;
  END CASE;
  RETURN (SELECT 'official:' || o.id FROM people_official o
          WHERE o.id = found AND (o.unit_id = ANY (scope_units()) OR o.also_in && scope_units())
            AND o.account_id IS DISTINCT FROM scope_actor());
END $$;

-- The person whose record it is reads who looked at it.
CREATE POLICY readings_of_oneself ON readings_reading FOR SELECT TO haicap_app USING (
  subject <> '' AND subject IN (SELECT 'official:' || o.id FROM people_official o WHERE o.account_id = (SELECT scope_actor())));
"""
_NO_LOOKS = """
DROP POLICY readings_of_oneself ON readings_reading;
CREATE OR REPLACE FUNCTION readings_subject(p_subject text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0014_trust_anchors"), ("readings", "0003_subjects")]

    operations = [
        migrations.AddField(
            model_name="delegation",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                db_default=models.Value([], django.contrib.postgres.fields.ArrayField(models.TextField())),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="signing_only",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "delegation")) | models.Q(("kinds", []), ("signing_only", False)),
                name="absence_lends_all",
            ),
        ),
        migrations.RunSQL(
            _STANDS_FOR.format(columns=", kinds text[], signing_only boolean", values=", d.kinds, d.signing_only"),
            _STANDS_FOR.format(columns="", values=""),
        ),
        migrations.RunSQL(_LOOKS, _NO_LOOKS),
    ]
