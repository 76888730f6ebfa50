"""Row-level security on accounts and appointments; passwords in a table that nobody reads but by function, one at a time.

Somebody sees the posts of the units and agencies in their scope, their own, and the accounts that go with those. Before
anybody's scope is entered (at the door, and to build it) the functions below tell what is needed, of one account each.
"""

from django.db import migrations

from haicap.kernel.scope.policies import guard, unguard

IN_UNITS = "agency_id IN (SELECT a.id FROM people_agency a WHERE a.unit_id = ANY ((SELECT scope_units())::int[]))"
POST = f"account_id = (SELECT scope_actor()) OR agency_id = ANY ((SELECT scope_agencies())::int[]) OR {IN_UNITS}"
# The inner SELECTs are under their tables' own policies: an account is seen where one of its posts or its record is.
ACCOUNT = (
    "id = (SELECT scope_actor())"
    " OR EXISTS (SELECT FROM people_appointment p WHERE p.account_id = people_account.id)"
    " OR EXISTS (SELECT FROM people_official o WHERE o.account_id = people_account.id)"
)

PASSWORDS = """
CREATE TABLE people_password (
  account_id bigint PRIMARY KEY REFERENCES people_account DEFERRABLE INITIALLY DEFERRED,
  hash text NOT NULL
);
REVOKE ALL ON people_password FROM haicap_app, haicap_worker;
ALTER TABLE people_password ENABLE ROW LEVEL SECURITY;
INSERT INTO people_password SELECT id, password FROM people_account;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE people_account DROP COLUMN password;
"""
PASSWORDS_BACK = """
ALTER TABLE people_account ADD COLUMN password text NOT NULL DEFAULT '!';
UPDATE people_account c SET password = w.hash FROM people_password w WHERE w.account_id = c.id;
DROP TABLE people_password;
"""
FORWARD = """
REVOKE INSERT, DELETE ON people_account FROM haicap_app, haicap_worker;

-- One account by its number or its name, for whoever stands at the door.
CREATE FUNCTION people_account_at_door(p_id bigint, p_name text) RETURNS SETOF people_account
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT * FROM public.people_account WHERE id = p_id OR name = p_name LIMIT 1 $$;

CREATE FUNCTION people_password_of(p_account bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT hash FROM public.people_password WHERE account_id = p_account $$;

CREATE FUNCTION people_open_account(p_name text, p_full_name text, p_hash text, p_at timestamptz, p_synthetic boolean,
                                    p_first boolean) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH made AS (
    INSERT INTO public.people_account (name, full_name, active, synthetic, created_at, password_is_first, password_given_at,
                                       password_given_by_id)
    VALUES (p_name, p_full_name, true, p_synthetic, p_at, p_first, CASE WHEN p_first THEN p_at END,
            CASE WHEN p_first THEN public.scope_actor() END) RETURNING id)
  INSERT INTO public.people_password (account_id, hash) SELECT id, p_hash FROM made RETURNING account_id $$;

-- One's own password.
CREATE FUNCTION people_choose_password(p_hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.people_account SET password_is_first = false WHERE id = public.scope_actor();
  UPDATE public.people_password SET hash = p_hash WHERE account_id = public.scope_actor() $$;

CREATE FUNCTION people_staff_by_name(p_name text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT id FROM public.people_account c
  WHERE name = p_name AND active AND EXISTS (SELECT FROM public.people_appointment p WHERE p.account_id = c.id) $$;

-- The posts that an account holds on a day, and those of others in which it acts then.
CREATE FUNCTION people_posts_of(p_account bigint, p_day date) RETURNS SETOF people_appointment
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.* FROM public.people_appointment p
  WHERE p.valid_from <= p_day AND (p.valid_to IS NULL OR p.valid_to > p_day)
    AND (p.account_id = p_account OR p.id IN (SELECT appointment_id FROM public.people_stands_for(p_account, p_day)))
  ORDER BY p.id $$;

-- Which posts somebody holds in units, whoever it is.
CREATE FUNCTION people_posts_filled(p_units int[], p_day date) RETURNS TABLE (unit_id bigint, kind text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT a.unit_id, a.kind, p.role
  FROM public.people_appointment p JOIN public.people_agency a ON a.id = p.agency_id
  JOIN public.people_account c ON c.id = p.account_id AND c.active
  WHERE a.unit_id = ANY (p_units) AND p.valid_from <= p_day AND (p.valid_to IS NULL OR p.valid_to > p_day) $$;

-- Who did something is told by name, wherever they serve.
CREATE FUNCTION people_names(p_accounts bigint[]) RETURNS TABLE (id bigint, full_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT c.id, c.full_name FROM public.people_account c WHERE c.id = ANY (p_accounts) $$;

-- Sign-in names are one nation-wide series: those of a list, or with one beginning, that are taken.
CREATE FUNCTION people_names_taken(p_names text[], p_head text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT name FROM public.people_account WHERE name = ANY (p_names) OR (p_head <> '' AND starts_with(name, p_head)) $$;

-- A post, today's or a later one, in a unit that is none of these and has not ended.
CREATE FUNCTION people_held_elsewhere(p_account bigint, p_units int[], p_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT FROM public.people_appointment p JOIN public.people_agency a ON a.id = p.agency_id
    JOIN public.units_unit u ON u.id = a.unit_id
    WHERE p.account_id = p_account AND a.unit_id <> ALL (p_units) AND (p.valid_to IS NULL OR p.valid_to > p_day)
      AND (u.valid_to IS NULL OR u.valid_to > p_day)) $$;

-- A first password for somebody else: every post of theirs, today's and later ones, is of a unit in scope.
CREATE FUNCTION people_hand_password(p_account bigint, p_hash text, p_at timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH ours AS (
    UPDATE public.people_account c SET password_is_first = true, password_given_at = p_at,
      password_given_by_id = public.scope_actor()
    WHERE c.id = p_account AND c.id <> public.scope_actor()
      AND EXISTS (SELECT FROM public.people_appointment p JOIN public.people_agency a ON a.id = p.agency_id
                  WHERE p.account_id = c.id AND a.unit_id = ANY (public.scope_units()))
      AND NOT public.people_held_elsewhere(c.id, public.scope_units(), (p_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
    RETURNING c.id),
  done AS (UPDATE public.people_password w SET hash = p_hash FROM ours WHERE w.account_id = ours.id RETURNING 1)
  SELECT EXISTS (SELECT FROM done) $$;

-- Whom to ask: who administers a unit, or the unit of an account's last post where none is given.
CREATE FUNCTION people_administrators(p_unit bigint, p_account bigint, p_day date)
RETURNS TABLE (full_name text, agency text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.full_name, a.name
  FROM public.people_appointment p JOIN public.people_agency a ON a.id = p.agency_id
  JOIN public.people_account c ON c.id = p.account_id AND c.active
  WHERE p.role = 'administrator' AND p.valid_from <= p_day AND (p.valid_to IS NULL OR p.valid_to > p_day)
    AND a.unit_id = coalesce(p_unit, (
      SELECT g.unit_id FROM public.people_appointment l JOIN public.people_agency g ON g.id = l.agency_id
      WHERE l.account_id = p_account ORDER BY l.valid_from DESC, l.id DESC LIMIT 1))
  ORDER BY c.full_name $$;

-- Who leads a unit and its agencies is public.
CREATE FUNCTION people_heads(p_unit bigint, p_day date) RETURNS TABLE (agency_id bigint, role text, full_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.agency_id, p.role, c.full_name
  FROM public.people_appointment p JOIN public.people_agency a ON a.id = p.agency_id
  JOIN public.people_account c ON c.id = p.account_id AND c.active
  WHERE a.unit_id = p_unit AND p.role IN ('chair', 'head') AND p.valid_from <= p_day
    AND (p.valid_to IS NULL OR p.valid_to > p_day)
  ORDER BY p.valid_from, p.id $$;
"""
BACK = """
DROP FUNCTION people_heads(bigint, date); DROP FUNCTION people_administrators(bigint, bigint, date);
DROP FUNCTION people_hand_password(bigint, text, timestamptz); DROP FUNCTION people_held_elsewhere(bigint, int[], date);
DROP FUNCTION people_names_taken(text[], text); DROP FUNCTION people_names(bigint[]);
DROP FUNCTION people_posts_filled(int[], date); DROP FUNCTION people_posts_of(bigint, date);
DROP FUNCTION people_choose_password(text); DROP FUNCTION people_staff_by_name(text);
DROP FUNCTION people_open_account(text, text, text, timestamptz, boolean, boolean);
DROP FUNCTION people_password_of(bigint); DROP FUNCTION people_account_at_door(bigint, text);
GRANT INSERT, DELETE ON people_account TO haicap_app, haicap_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0011_openid"), ("scope", "0004_guests")]
    operations = [
        migrations.RunSQL(PASSWORDS, PASSWORDS_BACK, state_operations=[migrations.RemoveField("account", "password")]),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(
            guard("people_appointment", POST, may_write=IN_UNITS, worker="ALL"), unguard("people_appointment")
        ),
        migrations.RunSQL(guard("people_account", ACCOUNT, worker="ALL"), unguard("people_account")),
    ]
