/* How the databases describe their own tables, and how each reads what a driver cannot carry: as
 * data. Every form of SQL is described at struct catalog. */
#include "source/driver_private.h"

#define SQLITE_TABLES                                                                              \
    "SELECT 'main', name FROM main.sqlite_master WHERE type IN ('table', 'view')"                  \
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"

/* Hidden columns (1) belong to virtual tables and hold no content. Bytes that are summed in UTF-16
 * cannot be compared. */
#define SQLITE_COLUMNS                                                                             \
    "SELECT name, type, CASE (SELECT encoding FROM pragma_encoding) WHEN 'UTF-8' THEN 'utf-8'"     \
    " ELSE 'utf-16' END FROM pragma_table_xinfo(?2, 'main') WHERE hidden <> 1 ORDER BY cid"

#define SQLITE_SUM "SUM(CASE typeof(?1) WHEN 'text' THEN LENGTH(CAST(?1 AS BLOB)) END)"

const struct catalog sqlite_catalog = {
    .quote = '"',
    .tables = SQLITE_TABLES,
    .columns = SQLITE_COLUMNS,
    .rules = {{.kind = "utf-8", .sum = SQLITE_SUM}},
};

/* A column may hold values of any type, and a driver gives them all one: each value comes as text
 * with a letter for its own type before it. Twenty digits are read back as the same double. */
#define SQLITE_TAGGED                                                                              \
    "CASE typeof(?1) WHEN 'text' THEN 't' || ?1 WHEN 'integer' THEN 'i' || ?1"                     \
    " WHEN 'real' THEN 'r' || printf('%!.20g', ?1) WHEN 'blob' THEN 'b' || hex(?1) END"

const struct catalog sqlite_odbc_catalog = {
    .quote = '"',
    .tables = SQLITE_TABLES,
    .columns = SQLITE_COLUMNS,
    .rules = {{.kind = "utf-8", .select = SQLITE_TAGGED, .sum = SQLITE_SUM, .form = FORM_TAGGED},
              {.kind = "utf-16", .select = SQLITE_TAGGED, .form = FORM_TAGGED}},
};

/* The structures of ODBC hold years from 1 to 9999. concat() keeps the blanks of a CHAR(n). In a
 * database of SQL_ASCII a text may be any bytes, which the server would refuse to send as text:
 * PostgreSQL's documentation, "Character Set Support". */
#define POSTGRESQL_ENCODING                                                                        \
    "CASE pg_catalog.current_setting('server_encoding') WHEN 'SQL_ASCII' THEN 'SQL_ASCII'"         \
    " ELSE 'UTF8' END"
#define POSTGRESQL_BYTES "pg_catalog.convert_to(pg_catalog.concat(?1), " POSTGRESQL_ENCODING ")"
#define POSTGRESQL_SUM "SUM(pg_catalog.octet_length(" POSTGRESQL_BYTES "))"

const struct catalog postgresql_catalog = {
    .quote = '"',
    .has_schemas = true,
    .schemas = "SELECT DISTINCT n.nspname FROM pg_catalog.pg_class c"
               " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
               " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
               " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1",
    .tables = "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
              " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
              " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND CASE WHEN ?1 IS NULL"
              " THEN pg_catalog.pg_table_is_visible(c.oid)"
              " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
              " ELSE pg_catalog.lower(n.nspname) = pg_catalog.lower(?1) END ORDER BY 1, 2",
    .columns =
        "SELECT a.attname, CAST(pg_catalog.format_type(a.atttypid, a.atttypmod) AS varchar(200)),"
        " CAST(CASE WHEN b.typname IN ('timestamp', 'timestamptz') THEN 'moment'"
        " WHEN b.typname IN ('date', 'money', 'uuid') THEN b.typname"
        " WHEN b.typcategory NOT IN ('S', 'E') AND b.typname NOT IN ('json', 'jsonb', 'xml')"
        " THEN '' WHEN pg_catalog.current_setting('server_encoding') = 'SQL_ASCII' THEN 'bytes'"
        " ELSE 'text' END AS varchar(20))"
        " FROM pg_catalog.pg_attribute a"
        " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
        " JOIN pg_catalog.pg_type b"
        " ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END"
        " WHERE n.nspname = ?1 AND c.relname = ?2 AND a.attnum > 0 AND NOT a.attisdropped"
        " ORDER BY a.attnum",
    .rules = {{.kind = "moment",
               .select = "CAST(CASE WHEN ?1 >= '0001-01-01' AND ?1 < '10000-01-01'"
                         " THEN pg_catalog.to_char(?1, 'YYYY-MM-DD HH24:MI:SS.US')"
                         " ELSE CAST(?1 AS text) END AS varchar(60))"},
              {.kind = "date", .select = "CAST(CAST(?1 AS text) AS varchar(60))"},
              {.kind = "uuid", .select = "CAST(CAST(?1 AS text) AS varchar(60))"},
              {.kind = "money", .select = "CAST(?1 AS numeric)"},
              {.kind = "text", .sum = POSTGRESQL_SUM},
              {.kind = "bytes",
               .select = "CASE WHEN ?1 IS NOT NULL THEN " POSTGRESQL_BYTES " END",
               .sum = POSTGRESQL_SUM,
               .form = FORM_UTF8}},
};

/* A schema is a database. The structures of ODBC have no place for a date of zeros or a time of
 * more than a day. */
#define MARIADB_SYSTEM "('information_schema', 'performance_schema', 'mysql', 'sys')"

const struct catalog mariadb_catalog = {
    .quote = '`',
    .has_schemas = true,
    .schemas = "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA"
               " WHERE SCHEMA_NAME NOT IN " MARIADB_SYSTEM " ORDER BY 1",
    .tables = "SELECT TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"
              " WHERE TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')"
              " AND LOWER(TABLE_SCHEMA) = LOWER(COALESCE(?1, DATABASE())) ORDER BY 1, 2",
    .columns = "SELECT COLUMN_NAME, CAST(COLUMN_TYPE AS CHAR(200)),"
               " CAST(CASE WHEN DATA_TYPE IN ('datetime', 'timestamp') THEN 'moment'"
               " WHEN DATA_TYPE IN ('date', 'time', 'bit') THEN DATA_TYPE"
               " WHEN CHARACTER_SET_NAME IS NOT NULL THEN 'text' ELSE '' END AS CHAR(20))"
               " FROM INFORMATION_SCHEMA.COLUMNS"
               " WHERE BINARY TABLE_SCHEMA = ?1 AND BINARY TABLE_NAME = ?2"
               " ORDER BY ORDINAL_POSITION",
    .rules = {{.kind = "moment", .select = "DATE_FORMAT(?1, '%Y-%m-%d %H:%i:%s.%f')"},
              {.kind = "date", .select = "CAST(?1 AS CHAR(20))"},
              {.kind = "time", .select = "CAST(?1 AS CHAR(20))"},
              {.kind = "bit", .select = "CAST(?1 AS UNSIGNED)"},
              {.kind = "text", .sum = "SUM(OCTET_LENGTH(CONVERT(?1 USING utf8mb4)))"}},
};

/* What is read as another type: Oracle Database SQL Language Reference, "Data Type Comparison
 * Rules" and the functions named. LENGTHB counts bytes of UTF-8 only where the database has it. */
const struct catalog oracle_catalog = {
    .quote = '"',
    .has_schemas = true,
    .schemas = "SELECT DISTINCT OWNER FROM ALL_TAB_COLUMNS ORDER BY 1",
    .tables = "SELECT DISTINCT OWNER, TABLE_NAME FROM ALL_TAB_COLUMNS WHERE OWNER IN"
              " (COALESCE(?1, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')), UPPER(?1)) ORDER BY 1, 2",
    .columns = "SELECT COLUMN_NAME, DATA_TYPE,"
               " CASE WHEN DATA_TYPE LIKE 'TIMESTAMP% WITH LOCAL TIME ZONE' THEN 'local'"
               " WHEN DATA_TYPE IN ('JSON', 'VECTOR', 'XMLTYPE') THEN DATA_TYPE"
               " WHEN DATA_TYPE IN ('VARCHAR2', 'CHAR') AND 'AL32UTF8' ="
               " (SELECT VALUE FROM NLS_DATABASE_PARAMETERS WHERE PARAMETER = 'NLS_CHARACTERSET')"
               " THEN 'text' ELSE ' ' END"
               " FROM ALL_TAB_COLUMNS WHERE OWNER = ?1 AND TABLE_NAME = ?2 ORDER BY COLUMN_ID",
    .rules = {{.kind = "text", .sum = "SUM(LENGTHB(?1))"},
              {.kind = "local", .select = "CAST(?1 AS TIMESTAMP(9))"},
              {.kind = "JSON", .select = "JSON_SERIALIZE(?1 RETURNING CLOB)"},
              {.kind = "VECTOR", .select = "VECTOR_SERIALIZE(?1 RETURNING CLOB)"},
              {.kind = "XMLTYPE", .select = "XMLSERIALIZE(CONTENT ?1 AS CLOB)"}},
};

/* The SQL standard's own, for every database that is not named above. */
const struct catalog standard_catalog = {
    .quote = '"',
    .has_schemas = true,
    .schemas = "SELECT DISTINCT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES ORDER BY 1",
    .tables = "SELECT TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE ?1 IS NULL"
              " OR LOWER(TABLE_SCHEMA) = LOWER(CAST(?1 AS VARCHAR(128))) ORDER BY 1, 2",
    .columns = "SELECT COLUMN_NAME, DATA_TYPE, '' FROM INFORMATION_SCHEMA.COLUMNS"
               " WHERE TABLE_SCHEMA = ?1 AND TABLE_NAME = ?2 ORDER BY ORDINAL_POSITION",
};
