-- Lets all of Odoo find “veronica” where it says Verónica. Once for a database, as the role that Odoo has there or a
-- superuser of PostgreSQL:
--
--     psql --dbname DATABASE --file unaccent.sql
--
-- and restart Odoo, which looks for the function when it starts. Again, it changes nothing.
BEGIN;

-- PostgreSQL's own function may serve no index, for its rules could be changed; Odoo's searches need indexes by it. A
-- function around it may, and unlike an extension's that is altered, it comes along in a backup.
CREATE SCHEMA IF NOT EXISTS unaccent_schema;
GRANT USAGE ON SCHEMA unaccent_schema TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA unaccent_schema;
ALTER EXTENSION unaccent SET SCHEMA unaccent_schema;
CREATE OR REPLACE FUNCTION unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT unaccent_schema.unaccent('unaccent_schema.unaccent', $1) $$;

-- Indexes of before, of texts and of texts in several languages, would serve no search any more, and Odoo leaves those
-- as they are that it finds.
DO $$
DECLARE
    old record;
BEGIN
    FOR old IN
        SELECT schemaname, indexname,
               regexp_replace(
                   definition, ' USING gin \((.*) gin_trgm_ops\)$', ' USING gin (unaccent((\1)::text) gin_trgm_ops)'
               ) AS definition
          FROM pg_indexes, replace(indexdef, 'unaccent_schema.unaccent(', '(') AS definition
         WHERE schemaname = current_schema
           AND definition ~ ' USING gin \(\(*("?\w+"?|jsonb_path_query_array\(.*)\)*(::text)?\)* gin_trgm_ops\)$'
    LOOP
        EXECUTE format('DROP INDEX %I.%I', old.schemaname, old.indexname);
        EXECUTE old.definition;
    END LOOP;
END
$$;

COMMIT;
