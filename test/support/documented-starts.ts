import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, type AppName } from './server.js';

/** A process that a page says how to start. */
export interface DocumentedStart {
  readonly app: AppName;
  /** The settings that stand before the command. */
  readonly env: Readonly<Record<string, string>>;
}

const START = /^(?<env>(?:CAS_\w+=\S+ )+)node (?:--\S+ )*dist\/apps\/(?<app>server|admin|standalone)\/src\/main\.js$/gm;

/** The processes that the lines `CAS_…=… node dist/apps/…` of a page start, in their order. */
export function documentedStarts(file: string): DocumentedStart[] {
  const page = readFileSync(join(repositoryRoot, file), 'utf8');
  return Array.from(page.matchAll(START), ({ groups: { env = '', app = '' } = {} }) => ({
    app: app as AppName,
    env: Object.fromEntries(
      env
        .trim()
        .split(' ')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  }));
}
