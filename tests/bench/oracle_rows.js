// Reads every row of a query with Oracle's own driver, a thousand a call, and prints how long that
// took. NODE_PATH says where the driver is.
'use strict';

const oracledb = require('oracledb');

async function main() {
  const [connectString, user, password, sql] = process.argv.slice(2);
  const connection = await oracledb.getConnection({ user, password, connectString });
  const start = process.hrtime.bigint();
  const options = { resultSet: true, fetchArraySize: 1000, prefetchRows: 1000 };
  const result = await connection.execute(sql, [], options);
  let rows = 0;
  for (;;) {
    const some = await result.resultSet.getRows(1000);
    if (some.length === 0) {
      break;
    }
    rows += some.length;
  }
  await result.resultSet.close();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await connection.close();
  const usage = process.resourceUsage();
  const cpu_seconds = (usage.userCPUTime + usage.systemCPUTime) / 1e6;
  process.stdout.write(
    JSON.stringify({ row_count: rows, seconds, cpu_seconds, peak_kilobytes: usage.maxRSS }));
}

main();
