import { CommanderError } from 'commander';
import { CommandTools } from './command-tools.js';
import { EXIT, exitCodeOf, messageOf } from './exit-codes.js';
import { createProgram } from './program.js';
import type { Surroundings } from './surroundings.js';
import { printableLines } from './terminal/table.js';

/**
 * Runs one command and resolves with its exit status. A failure is a sentence on stderr, never a stack.
 *
 * @example
 * process.exitCode = await runCommandLine(['auth', 'token', 'list', '--json'], surroundings);
 */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  stdout.on('error', endWithReader);
  try {
    const tools = new CommandTools(surroundings);
    await createProgram(tools).parseAsync([...argv], { from: 'user' });
    return tools.exitCode;
  } catch (err) {
    // Commander has written it, and gives 0 for help and version that were asked for.
    if (err instanceof CommanderError) return err.exitCode === 0 ? EXIT.done : EXIT.usage;
    stderr.write(`cas: ${printableLines(messageOf(err))}\n`);
    return exitCodeOf(err);
  }
}

/** Ends the process when its reader has gone, as in `cas … | head`. */
function endWithReader(err: NodeJS.ErrnoException): void {
  if (err.code === 'EPIPE') process.exit(EXIT.done);
  throw err;
}
