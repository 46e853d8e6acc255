// With `node --import`: kills its own process with SIGKILL when SQLite is about to run a statement that holds the text
// of KILL_AT_STATEMENT, in the middle of whatever transaction is open then.
import { createRequire } from 'node:module';

const { prototype } = createRequire(import.meta.url)('better-sqlite3-13');
const prepare = prototype.prepare;
prototype.prepare = function prepareOrDie(sql, ...rest) {
  const text = process.env.KILL_AT_STATEMENT;
  if (text && sql.includes(text)) process.kill(process.pid, 'SIGKILL');
  return prepare.call(this, sql, ...rest);
};
