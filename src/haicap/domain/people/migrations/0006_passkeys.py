"""Passkeys, first passwords, failures counted by account and source, and second factors reset by two administrators."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

OWN = "account_id = (SELECT scope_actor())"
OWNED = ("people_passkey", "people_spentchallenge")
RESETS = "people_factorreset"
KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
ACCOUNT = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "people.account"}

FORWARD = """
-- Who tried a sign-in name, and from where, as digests; strangers write it, so nobody reads it but by these functions.
CREATE TABLE people_signinfailure (
  who bytea NOT NULL CHECK (octet_length(who) = 16),
  source bytea NOT NULL CHECK (octet_length(source) = 16),
  failures int NOT NULL,
  paused_until timestamptz,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (who, source)
);
CREATE INDEX people_signinfailure_last ON people_signinfailure (last_at);
REVOKE ALL ON people_signinfailure FROM haicap_app, haicap_worker;

CREATE FUNCTION people_sign_in_pause(p_who bytea, p_source bytea) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT paused_until FROM public.people_signinfailure WHERE who = p_who AND source = p_source $$;

-- Counts one, gives how many there are now. A day without any forgets them.
CREATE FUNCTION people_sign_in_failed(p_who bytea, p_source bytea, p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_failures int;
BEGIN
  DELETE FROM public.people_signinfailure f USING (
    SELECT who, source FROM public.people_signinfailure WHERE last_at < p_now - interval '1 day'
    LIMIT 1000 FOR UPDATE SKIP LOCKED) old
  WHERE f.who = old.who AND f.source = old.source;
  INSERT INTO public.people_signinfailure AS f (who, source, failures, last_at) VALUES (p_who, p_source, 1, p_now)
  ON CONFLICT (who, source) DO UPDATE SET failures = f.failures + 1, last_at = p_now
  RETURNING f.failures INTO v_failures;
  RETURN v_failures;
END $$;

CREATE FUNCTION people_sign_in_wait(p_who bytea, p_source bytea, p_until timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ UPDATE public.people_signinfailure SET paused_until = p_until WHERE who = p_who AND source = p_source $$;

CREATE FUNCTION people_sign_in_right(p_who bytea, p_source bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ DELETE FROM public.people_signinfailure WHERE who = p_who AND source = p_source $$;

-- Second factors are their owners' secret: that there is one is all that is told.
CREATE FUNCTION people_with_second_factor(p_accounts bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT account_id FROM public.people_secondfactor WHERE account_id = ANY (p_accounts) $$;

-- The two-person rule stands here: without a request of one administrator that another one has confirmed, and who acts
-- is that other one, nobody's second factor goes but by its owner's hand.
CREATE FUNCTION people_reset_second_factor(p_reset bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_account bigint;
BEGIN
  UPDATE public.people_factorreset SET done = true
  WHERE id = p_reset AND NOT done AND verdict = 'confirmed' AND decided_by_id = public.scope_actor()
    AND decided_by_id NOT IN (asked_by_id, account_id) AND asked_by_id <> account_id AND decided_at < expires_at
  RETURNING account_id INTO v_account;
  IF v_account IS NULL THEN
    RETURN false;
  END IF;
  DELETE FROM public.people_passkey WHERE account_id = v_account;
  DELETE FROM public.people_recoverycode WHERE account_id = v_account;
  DELETE FROM public.people_secondfactor WHERE account_id = v_account;
  RETURN true;
END $$;
"""
BACK = """
DROP FUNCTION people_reset_second_factor(bigint); DROP FUNCTION people_with_second_factor(bigint[]);
DROP FUNCTION people_sign_in_right(bytea, bytea); DROP FUNCTION people_sign_in_wait(bytea, bytea, timestamptz);
DROP FUNCTION people_sign_in_failed(bytea, bytea, timestamptz); DROP FUNCTION people_sign_in_pause(bytea, bytea);
DROP TABLE people_signinfailure;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_officials"), ("scope", "0003_own_passes")]

    operations = [
        migrations.RemoveField("account", "failures"),
        migrations.RemoveField("account", "paused_until"),
        migrations.AddField("account", "password_is_first", models.BooleanField(default=False)),
        migrations.AddField("account", "password_given_at", models.DateTimeField(null=True)),
        migrations.AddField("account", "password_given_by", models.ForeignKey(null=True, **ACCOUNT)),
        migrations.AlterField("secondfactor", "seed", models.BinaryField(null=True)),
        migrations.CreateModel(
            "Passkey",
            [
                ("id", KEY),
                ("account", models.ForeignKey(**ACCOUNT)),
                ("name", models.TextField()),
                ("credential_id", models.BinaryField(unique=True)),
                ("credential", models.BinaryField()),
                ("sign_count", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "SpentChallenge",
            [
                ("id", KEY),
                ("account", models.ForeignKey(**ACCOUNT)),
                ("digest", models.BinaryField()),
                ("spent_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["account", "digest"], name="challenge_spent_once")]
            },
        ),
        migrations.CreateModel(
            "FactorReset",
            [
                ("id", KEY),
                ("account", models.ForeignKey(**ACCOUNT)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                ("asked_by", models.ForeignKey(**ACCOUNT)),
                ("asked_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("expires_at", models.DateTimeField()),
                (
                    "verdict",
                    models.TextField(
                        choices=[
                            ("", "Đang chờ"),
                            ("confirmed", "Đã xác nhận"),
                            ("refused", "Đã từ chối"),
                            ("withdrawn", "Đã rút"),
                        ],
                        default="",
                    ),
                ),
                ("decided_by", models.ForeignKey(null=True, **ACCOUNT)),
                ("decided_at", models.DateTimeField(null=True)),
                ("done", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(asked_by=F("account")) & (~Q(verdict="confirmed") | ~Q(decided_by=F("account"))),
                        name="reset_is_anothers",
                    ),
                    models.CheckConstraint(
                        condition=~Q(verdict="confirmed") | ~Q(decided_by=F("asked_by")), name="reset_by_two"
                    ),
                    models.CheckConstraint(
                        condition=Q(verdict="", decided_at=None, decided_by=None)
                        | (~Q(verdict="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                        name="reset_decided_whole",
                    ),
                    models.UniqueConstraint(fields=["account"], condition=Q(verdict=""), name="reset_one_open"),
                ]
            },
        ),
        *(migrations.RunSQL(guard(table, OWN, worker=""), unguard(table)) for table in OWNED),
        migrations.RunSQL(guard(RESETS, f"{SEES_UNIT} OR {OWN}", worker=""), unguard(RESETS)),
        migrations.RunSQL(f"REVOKE ALL ON {', '.join((*OWNED, RESETS))} FROM haicap_worker", ""),
        migrations.RunSQL(FORWARD, BACK),
    ]
