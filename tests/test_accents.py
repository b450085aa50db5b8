"""The script that lets all of Odoo search without accents, in databases as installations have them."""

import uuid

import pytest
from services import Postgres

from devtools.paths import ADDON, ROOT

SCRIPT = ROOT / ADDON / "data/unaccent.sql"

#: Indexes as Odoo makes them for a text, and for one in several languages; and one with an expression of its own.
INDEXES = (
    "CREATE INDEX a ON shop USING gin ({}(name) gin_trgm_ops)",
    "CREATE INDEX b ON shop USING gin ({}((jsonb_path_query_array(title, '$.*')::text)) gin_trgm_ops)",
    "CREATE INDEX c ON shop USING gin (regexp_replace(phone, '[ -]', '', 'g') gin_trgm_ops)",
)
WITHOUT = ""
#: What Odoo does in databases that it makes itself, if it is told to.
BY_ODOO = "CREATE EXTENSION unaccent; ALTER FUNCTION unaccent(text) IMMUTABLE;"


@pytest.fixture
def database():
    postgres, name = Postgres(), f"unaccent_{uuid.uuid4().hex[:8]}"
    postgres.run("createdb", "-T", "template0", name)
    try:
        postgres.query(
            name,
            "CREATE EXTENSION pg_trgm; CREATE TABLE shop (name varchar, title jsonb, phone varchar);"
            "INSERT INTO shop VALUES ('Verónica', '{\"es_EC\": \"Sofá\"}', '09 8')",
        )
        yield name
    finally:
        postgres.drop(name)


def run_script(database):
    Postgres().run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", SCRIPT)


def get_indexes(database):
    rows = Postgres().query(database, "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'shop' ORDER BY 1")
    return {name: definition.partition(" USING ")[2] for name, definition in rows}


def finds(database):
    """Whether a search as Odoo makes it finds the row, by an index alone."""
    rows = Postgres().query(
        database,
        "SET enable_seqscan = off; EXPLAIN SELECT FROM shop WHERE unaccent(name) ILIKE unaccent('%%veronica%%')",
    )
    assert "Index Scan on a" in str(rows)
    return Postgres().query(database, "SELECT count(*) FROM shop WHERE unaccent(name) ILIKE unaccent('%%VERONICA%%')")


@pytest.mark.parametrize("before", [WITHOUT, BY_ODOO], ids=["without", "by Odoo"])
def test_indexes_are_made_anew(database, before):
    function = "unaccent" if before else ""
    Postgres().query(database, before + ";".join(index.format(function) for index in INDEXES))
    own = get_indexes(database)["c"]
    run_script(database)
    after = get_indexes(database)
    assert after == {
        "a": "gin (unaccent((name)::text) gin_trgm_ops)",
        "b": "gin (unaccent((jsonb_path_query_array(title, '$.*'::jsonpath))::text) gin_trgm_ops)",
        "c": own,
    }
    assert finds(database) == [(1,)]
    ids = Postgres().query(database, "SELECT oid FROM pg_class WHERE relname IN ('a', 'b', 'c')")
    run_script(database)
    assert Postgres().query(database, "SELECT oid FROM pg_class WHERE relname IN ('a', 'b', 'c')") == ids


def test_it_comes_along_in_a_backup(database, tmp_path):
    """Unlike an extension's function that was altered: the indexes by that one could not be restored."""
    postgres = Postgres()
    postgres.query(database, INDEXES[0].format(""))
    run_script(database)
    postgres.run("pg_dump", "-Fc", "-f", tmp_path / "backup", database)
    postgres.run("dropdb", database)
    postgres.run("createdb", "-T", "template0", database)
    postgres.run("pg_restore", "--exit-on-error", "-d", database, tmp_path / "backup")
    assert finds(database) == [(1,)]
