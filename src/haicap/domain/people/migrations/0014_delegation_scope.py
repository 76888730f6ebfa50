"""A delegation may lend a part of a post: chosen procedures, only signing."""

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


class Migration(migrations.Migration):
    dependencies = [("people", "0011_openid")]

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
    ]
