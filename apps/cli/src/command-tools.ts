import type { Command } from 'commander';
import { DomainError } from '#core';
import type { AccessBackend } from './backend/access-backend.js';
import { openBackend, type Where } from './backend/open-backend.js';
import { EXIT } from './exit-codes.js';
import type { Surroundings } from './surroundings.js';

/** Options that every command takes. */
export interface CommonOptions extends Where {
  readonly json?: boolean;
}

/** What a command answers: one JSON object for programs, text for people. */
export interface Answer {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/**
 * What the commands share: where to work, and where their output goes.
 *
 * @example
 * const tokens = await tools.onBackend(list, (backend) => backend.listTokens({ includeEnded: false }));
 * tools.answer(list, { json: { tokens }, text: `${tokens.length} tokens` });
 */
export class CommandTools {
  /** The exit status when the command throws nothing; a check that found a problem sets another one. */
  exitCode: number = EXIT.done;

  constructor(readonly surroundings: Surroundings) {}

  /** Opens the backend that the options of `command` ask for, and closes it after `work`. */
  async onBackend<T>(command: Command, work: (backend: AccessBackend) => Promise<T>): Promise<T> {
    const backend = await openBackend(this.optionsOf(command), this.surroundings, (where) =>
      this.say(
        command,
        `There was no database yet; making ${where}\n` +
          'If the service has another one, be in the folder where it starts, or set CAS_DATA_DIR or CAS_DATABASE_URL as it has.',
      ),
    );
    try {
      return await work(backend);
    } finally {
      await backend.close();
    }
  }

  /**
   * Refuses `--url` for a command that works on the host only. A stored log-in does not matter there.
   *
   * @throws DomainError `invalid_argument`
   */
  requireHost(command: Command): void {
    if (this.optionsOf(command).url === undefined) return;
    throw new DomainError(
      'invalid_argument',
      `${namesOf(command).join(' ')} works on this machine only; leave out --url.`,
    );
  }

  /** The options of a command together with those that every command takes. */
  optionsOf<T extends object>(command: Command): T & CommonOptions {
    return command.optsWithGlobals<T & CommonOptions>();
  }

  /** Writes the answer to stdout: with `--json` one line with one JSON object. */
  answer(command: Command, { json, text }: Answer): void {
    const line = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    this.surroundings.stdout.write(this.optionsOf(command).json === true ? `${JSON.stringify(json)}\n` : line);
  }

  /** Writes a line for a person to stderr, unless `--json` was given. */
  say(command: Command, text: string): void {
    if (this.optionsOf(command).json !== true) this.surroundings.stderr.write(`${text}\n`);
  }
}

/** The words of a command as it is typed: `cas models list`. */
function namesOf(command: Command): string[] {
  return [...(command.parent ? namesOf(command.parent) : []), command.name()];
}
