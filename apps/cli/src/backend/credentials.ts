import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseToken } from '#auth';
import { DomainError, parseJson } from '#core';

const credentialsFile = z.object({
  url: z.string(),
  token: z.string().refine((token) => parseToken(token) !== undefined),
  /** Set when the log-in made the token, which logging out then revokes. */
  tokenId: z.string().optional().catch(undefined),
});

/** A log-in that was stored: which admin API, and the access token for it. */
export type Credentials = Readonly<z.output<typeof credentialsFile>>;

/** Keeps one log-in in a file that only its user can read. */
export class CredentialStore {
  readonly file: string;

  /** @param env `XDG_CONFIG_HOME`, else `.config` in the home folder (XDG Base Directory Specification) */
  constructor(env: NodeJS.ProcessEnv) {
    const configHome = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
    this.file = join(configHome, 'cas', 'credentials.json');
  }

  /** @throws DomainError `invalid_argument` for a file that this command did not write */
  read(): Credentials | undefined {
    const text = this.readFile();
    if (text === undefined) return undefined;
    const { success, data } = credentialsFile.safeParse(parseJson(text));
    if (success) return data;
    throw new DomainError('invalid_argument', `The log-in in ${this.file} cannot be read. Log in again, or remove it.`);
  }

  /** Replaces the file in one step: a process that is killed leaves the old log-in or the new one. */
  write(credentials: Credentials): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const unfinished = `${this.file}.${randomUUID()}`;
    try {
      writeFileSync(unfinished, `${JSON.stringify(credentials)}\n`, { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, this.file);
    } finally {
      rmSync(unfinished, { force: true });
    }
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  private readFile(): string | undefined {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (err) {
      if (err instanceof Error && 'code' in err && (err.code === 'ENOENT' || err.code === 'ENOTDIR')) return undefined;
      throw err;
    }
  }
}
