import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseToken } from '#auth';
import { DomainError } from '#core';

/** A log-in that was stored: which admin API, and the access token for it. */
export interface Credentials {
  readonly url: string;
  readonly token: string;
  /** Set when the log-in made the token, which logging out then revokes. */
  readonly tokenId?: string;
}

/** Keeps one log-in in a file that only its user can read. */
export class CredentialStore {
  readonly file: string;

  /** @param env `XDG_CONFIG_HOME`, else `.config` in the home folder (XDG Base Directory Specification) */
  constructor(env: NodeJS.ProcessEnv) {
    const configHome = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
    this.file = join(configHome, 'cas', 'credentials.json');
  }

  /** @throws DomainError `invalid_argument` for a file that is none of ours */
  read(): Credentials | undefined {
    const text = this.readFile();
    if (text === undefined) return undefined;
    const credentials = credentialsOf(text);
    if (credentials !== undefined) return credentials;
    throw new DomainError('invalid_argument', `The log-in in ${this.file} cannot be read. Log in again, or remove it.`);
  }

  /** In one step: a process that is killed leaves the old log-in or the new one. */
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

function credentialsOf(text: string): Credentials | undefined {
  const json = parsed(text);
  if (typeof json !== 'object' || json === null || !('url' in json) || !('token' in json)) return undefined;
  const { url, token } = json;
  if (typeof url !== 'string' || typeof token !== 'string' || parseToken(token) === undefined) return undefined;
  const tokenId = 'tokenId' in json && typeof json.tokenId === 'string' ? { tokenId: json.tokenId } : {};
  return { url, token, ...tokenId };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
