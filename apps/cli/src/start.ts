import 'reflect-metadata';
import { runCommandLine } from './run-command-line.js';

// The exit code is set and not forced: what was written to a pipe gets there first.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
