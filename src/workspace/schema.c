#include "workspace/schema_private.h"

/* Bodies are apart from the documents' states: a state changes at every request, and a body of
 * many kilobytes must not be rewritten with it. The tables that are written for every row or
 * request have no NOT NULL and no CHECK: with one, SQLite keeps a journal of its own for each
 * statement, which makes writing three times as slow. */
const char schema_page_sql[] = "PRAGMA page_size = 16384";

const char schema_sql[] =
    "PRAGMA application_id = 0x52505354;"
    "PRAGMA user_version = 2;"
    "CREATE TABLE setting ("
    "  name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE owner ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1), pid INTEGER, host TEXT, verb TEXT, since TEXT);"
    "CREATE TABLE kind ("
    "  position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, post_path TEXT NOT NULL);"
    "CREATE TABLE source_table ("
    "  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, rows INTEGER, used INTEGER,"
    "  skipped INTEGER, rejected INTEGER);"
    "CREATE TABLE document ("
    "  id INTEGER PRIMARY KEY, kind INTEGER, key TEXT, rows INTEGER, sha256 TEXT,"
    "  state TEXT DEFAULT 'pending', verdict TEXT, change TEXT, origin TEXT, target_id TEXT,"
    "  plan INTEGER, uncertain_about TEXT, uncertain_since TEXT, evidence TEXT,"
    "  UNIQUE (kind, key));"
    "CREATE TABLE body ("
    "  document INTEGER PRIMARY KEY, body TEXT NOT NULL, changed_body TEXT);"
    "CREATE TABLE source_row ("
    "  source_table INTEGER, row TEXT, outcome TEXT, document INTEGER, because TEXT, content TEXT);"
    "CREATE TABLE correction ("
    "  kind INTEGER NOT NULL, id TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (kind, id))"
    "  WITHOUT ROWID;"
    "CREATE TABLE warning (kind INTEGER NOT NULL, key TEXT, text TEXT NOT NULL);"
    "CREATE TABLE lookup ("
    "  kind INTEGER NOT NULL, name TEXT, outcome TEXT NOT NULL, uses INTEGER, found TEXT);"
    "CREATE TABLE directory_answer ("
    "  directory TEXT NOT NULL, name TEXT NOT NULL, answer TEXT NOT NULL,"
    "  PRIMARY KEY (directory, name)) WITHOUT ROWID;"
    "CREATE TABLE attempt ("
    "  id INTEGER PRIMARY KEY, document INTEGER, purpose TEXT, started TEXT, duration_us INTEGER,"
    "  method TEXT, path TEXT, status INTEGER, outcome TEXT, excerpt TEXT);"
    "CREATE INDEX attempt_document ON attempt (document);"
    "CREATE TABLE finding ("
    "  id INTEGER PRIMARY KEY, document INTEGER NOT NULL, found TEXT NOT NULL,"
    "  during TEXT NOT NULL, field TEXT NOT NULL, planned_value TEXT, found_value TEXT);"
    "CREATE INDEX finding_document ON finding (document);";
