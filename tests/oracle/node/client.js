// Oracle's own driver, unmodified, in its thin mode: takes jobs as JSON from standard input, prints
// what came of each. NODE_PATH says where the driver is.
'use strict';

const oracledb = require('oracledb');

// Numbers as the driver's exact text, LOBs as what is in them.
function choose_fetch(column) {
  if (column.dbType === oracledb.DB_TYPE_BLOB) {
    return { type: oracledb.BUFFER };
  }
  const as_text = [oracledb.DB_TYPE_NUMBER, oracledb.DB_TYPE_CLOB, oracledb.DB_TYPE_NCLOB];
  return as_text.includes(column.dbType) ? { type: oracledb.STRING } : undefined;
}

function to_plain(value) {
  if (Buffer.isBuffer(value)) {
    return value.toString('hex').toUpperCase();
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  return typeof value === 'number' ? { number: String(value) } : value;
}

function describe_error(error) {
  return { code: error.code, number: error.errorNum, offset: error.offset, message: error.message };
}

async function run_query(connection, query) {
  const options = { fetchTypeHandler: choose_fetch, maxRows: 0, ...query.options };
  try {
    const result = await connection.execute(query.sql, [], options);
    if (!result.metaData) {
      return {};
    }
    return {
      columns: result.metaData.map((column) => [column.name, column.dbTypeName, column.byteSize]),
      annotations: result.metaData.map((column) => column.annotations),
      domains: result.metaData.map((column) => column.domainName),
      rows: result.rows.map((row) => row.map(to_plain)),
    };
  } catch (error) {
    return { error: describe_error(error) };
  }
}

async function run_job(job) {
  let connection;
  const answer = { results: [] };
  try {
    connection = await oracledb.getConnection(job.sign_in);
  } catch (error) {
    return { error: describe_error(error) };
  }
  answer.warning = connection.warning && connection.warning.errorNum;
  connection.callTimeout = job.call_timeout || 0;
  for (const query of job.queries) {
    answer.results.push(await run_query(connection, query));
  }
  try {
    await connection.close();
  } catch (error) {
    answer.close_error = describe_error(error);
  }
  return answer;
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  const answers = [];
  for (const job of JSON.parse(Buffer.concat(chunks))) {
    answers.push(await run_job(job));
  }
  process.stdout.write(JSON.stringify(answers));
}

main();
