"""Posts carry the decision that gave them; what the list of accounts asks of the database."""

from django.db import migrations, models

FORWARD = """
-- As `kernel.vi.fold`: without accents, in small letters.
CREATE FUNCTION people_fold(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT lower(translate(regexp_replace(normalize(p_text, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')) $$;

-- Passes are their owners' secret: of them this alone is told.
CREATE FUNCTION people_last_sign_in(p_account bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT max(created_at) FROM public.scope_pass WHERE actor_id = p_account AND kind = 'session' $$;
"""
BACK = "DROP FUNCTION people_last_sign_in(bigint); DROP FUNCTION people_fold(text);"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_organisation"),
        ("scope", "0002_functions"),
    ]

    operations = [
        migrations.AddField("appointment", "decision_number", models.TextField(null=True)),
        migrations.AddField("appointment", "decision_date", models.DateField(null=True)),
        migrations.RunSQL(FORWARD, BACK),
    ]
