"""A backup brings everything back, rights included; a damaged or half one brings nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haicap.kernel.db import backup, connect
from haicap.kernel.db.backup import CopyRefused
from haicap.kernel.db.embedded import EmbeddedServer
from haicap.kernel.db.provision import APP, OWNER

# Everything that decides what is there and who may do what with it.
SHAPE = """
SELECT c.relname::text, c.relkind::text, c.relrowsecurity, pg_get_userbyid(c.relowner)::text,
  (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(coalesce(c.relacl,
    acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))) x)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT p.proname::text || pg_get_function_identity_arguments(p.oid), p.prosecdef::text, p.proleakproof,
  pg_get_userbyid(p.proowner)::text,
  (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) x)
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT polname::text, polrelid::regclass::text, polpermissive, polcmd::text,
  coalesce(pg_get_expr(polqual, polrelid), '') FROM pg_policy
UNION ALL SELECT tgname::text, tgrelid::regclass::text, tgenabled = 'O', '', '' FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'default', defaclobjtype::text, true, pg_get_userbyid(defaclrole)::text, defaclacl::text FROM pg_default_acl
ORDER BY 1, 2
"""


@pytest.fixture
def installation(
    own_database: str, server: EmbeddedServer, role_passwords: dict[str, str], tmp_path: Path
) -> tuple[Path, str]:
    """A home with files and keys, and the owner's way to the test's database."""
    base = tmp_path / "home"
    stored = base / "files" / "ab" / "cd"
    stored.mkdir(parents=True)
    # the name is the true digest of the content
    content = b"%PDF-1.7 paper"
    (stored / backup.hashlib.sha256(content).hexdigest()).write_bytes(content)
    (base / "files" / ".incoming").mkdir()
    (base / "files" / ".incoming" / "half").write_bytes(b"half a file")
    (base / "keys").mkdir()
    for role, password in role_passwords.items():
        (base / "keys" / f"database-{role}").write_text(password)
    (base / "keys" / "secret-key").write_text("the installation's secret")
    with psycopg.connect(server.conninfo(dbname=own_database)) as admin:
        admin.execute("INSERT INTO outbox_heartbeat VALUES ('Đồng hồ', now())")
    return base, server.conninfo(user=OWNER, password=role_passwords[OWNER], dbname=own_database)


@pytest.fixture
def copy(installation: tuple[Path, str], tmp_path: Path) -> Path:
    """A backup of it."""
    base, conninfo = installation
    backup.back_up(tmp_path / "copy", base=base, conninfo=conninfo)
    return tmp_path / "copy"


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[Path]:
    """A home that does not exist yet."""
    yield tmp_path / "new" / "home"


def files_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def left_beside(path: Path) -> list[str]:
    return [found.name for found in path.parent.iterdir() if found != path and found.name.startswith(".")]


def test_a_copy_comes_back_whole_with_its_rights(
    installation: tuple[Path, str], copy: Path, new_home: Path, role_passwords: dict[str, str]
) -> None:
    base, conninfo = installation
    manifest = backup.restore(copy, base=new_home)
    assert manifest.haicap and backup.damaged_files(manifest) == []
    stored = {name: content for name, content in files_of(base / "files").items() if ".incoming" not in name}
    assert files_of(new_home / "files") == stored
    assert (new_home / "keys" / "secret-key").read_text() == "the installation's secret"
    server = EmbeddedServer(new_home / "postgres", password=(new_home / "keys" / "database-admin").read_text())
    server.enter()
    try:
        with psycopg.connect(conninfo) as before, psycopg.connect(server.conninfo(dbname=connect.DBNAME)) as after:
            assert after.execute(SHAPE).fetchall() == before.execute(SHAPE).fetchall()
            for table in ("units_unit", "entries_rule", "audit_event", "django_migrations", "outbox_heartbeat"):
                question = f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"
                assert after.execute(question).fetchone() == before.execute(question).fetchone()
        login = server.conninfo(user=APP, password=role_passwords[APP], dbname=connect.DBNAME)
        with psycopg.connect(login) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM audit_event")
    finally:
        server.leave()
    assert left_beside(new_home) == [] and not server.is_running()


def test_a_copy_goes_into_an_empty_database_elsewhere(
    copy: Path, new_home: Path, server: EmbeddedServer, installation: tuple[Path, str], role_passwords: dict[str, str]
) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS haicap_elsewhere")
        admin.execute(f"CREATE DATABASE haicap_elsewhere OWNER {OWNER}")
        try:
            with psycopg.connect(server.conninfo(dbname="haicap_elsewhere"), autocommit=True) as there:
                there.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
            url = f"postgresql://{OWNER}:{role_passwords[OWNER]}@/haicap_elsewhere?host={server.socket_directory}&port=5432"
            backup.restore(copy, base=new_home, url=url)
            with psycopg.connect(url) as there, psycopg.connect(installation[1]) as before:
                assert there.execute(SHAPE).fetchall() == before.execute(SHAPE).fetchall()
            with pytest.raises(CopyRefused, match="empty database only"):
                backup.restore(copy, base=new_home.with_name("third"), url=url)
        finally:
            admin.execute("DROP DATABASE haicap_elsewhere WITH (FORCE)")
    assert (new_home / "keys" / "secret-key").exists() and not (new_home / "postgres").exists()


def test_the_copy_is_private(copy: Path) -> None:
    assert copy.stat().st_mode & 0o077 == 0
    assert sorted(json.loads((copy / "manifest.json").read_text())["files"])[0] == "database.dump"
    assert not any(".incoming" in name for name in files_of(copy))


def damage(copy: Path, how: str) -> None:
    stored = next(path for path in (copy / "files").rglob("*") if path.is_file())
    manifest = json.loads((copy / "manifest.json").read_text())
    if how == "a flipped byte":
        stored.chmod(0o600)
        stored.write_bytes(b"X" + stored.read_bytes()[1:])
    elif how == "a missing file":
        stored.unlink()
    elif how == "a shorter dump":
        (copy / "database.dump").write_bytes((copy / "database.dump").read_bytes()[:-100])
    elif how == "no manifest":
        (copy / "manifest.json").unlink()
    elif how == "no sense in the manifest":
        (copy / "manifest.json").write_text("[1")
    elif how == "another format":
        (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    elif how == "a way out":
        manifest["files"]["../../etc/passwd"] = {"sha256": "0", "size": 1}
        (copy / "manifest.json").write_text(json.dumps(manifest))
    elif how == "a dump that is none":
        (copy / "database.dump").write_bytes(b"PGDMP nonsense")
        manifest["files"]["database.dump"] = backup._facts(copy / "database.dump")
        (copy / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "how",
    ["a flipped byte", "a missing file", "a shorter dump", "no manifest", "no sense in the manifest", "another format",
     "a way out", "a dump that is none"],
)  # fmt: skip
def test_a_damaged_copy_brings_nothing_and_leaves_nothing(copy: Path, new_home: Path, how: str) -> None:
    damage(copy, how)
    with pytest.raises(CopyRefused):
        backup.restore(copy, base=new_home)
    assert not new_home.exists()
    assert not new_home.parent.exists() or left_beside(new_home) == []


def test_neither_way_writes_over_anything(installation: tuple[Path, str], copy: Path, tmp_path: Path) -> None:
    base, conninfo = installation
    before = files_of(base)
    with pytest.raises(CopyRefused, match="not empty"):
        backup.restore(copy, base=base)
    with pytest.raises(CopyRefused, match="not empty"):
        backup.back_up(copy, base=base, conninfo=conninfo)
    assert files_of(base) == before


def test_a_backup_that_fails_leaves_nothing(
    installation: tuple[Path, str], tmp_path: Path, role_passwords: dict[str, str]
) -> None:
    base, conninfo = installation
    target = tmp_path / "copies" / "today"
    as_app = psycopg.conninfo.make_conninfo(conninfo, user=APP, password=role_passwords[APP])
    with pytest.raises(CopyRefused, match=r"pg_dump failed: .*permission denied"):
        backup.back_up(target, base=base, conninfo=as_app)  # the application may not read everything
    assert not target.exists() and list(target.parent.iterdir()) == []


def test_bytes_that_the_disk_has_lost_are_told(installation: tuple[Path, str], tmp_path: Path) -> None:
    base, conninfo = installation
    stored = next(path for path in (base / "files" / "ab").rglob("*") if path.is_file())
    stored.write_bytes(b"rotten")
    manifest = backup.back_up(tmp_path / "copy", base=base, conninfo=conninfo)
    assert backup.damaged_files(manifest) == [f"files/ab/cd/{stored.name}"]


def test_a_home_that_was_moved_starts_again(tmp_path: Path) -> None:
    first = EmbeddedServer(tmp_path / "a" / "postgres", password="x", durable=False)
    first.enter()
    first.leave()
    shutil.move(tmp_path / "a", tmp_path / "b")
    moved = EmbeddedServer(tmp_path / "b" / "postgres", password="x", durable=False)
    moved.enter()
    try:
        with psycopg.connect(moved.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        moved.leave()
