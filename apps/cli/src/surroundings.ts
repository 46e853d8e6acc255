import type { ReadStream, WriteStream } from 'node:tty';

/** What a run of the command is given by the process that it lives in. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Where `cas.yml` is looked for and relative paths start, as for the service. */
  readonly cwd: string;
  /** `isTTY` is undefined for pipes and files. */
  readonly stdin: NodeJS.ReadStream | ReadStream;
  /** Data only: a program reads it. */
  readonly stdout: NodeJS.WriteStream | WriteStream;
  /** Talk: a person reads it. */
  readonly stderr: NodeJS.WriteStream | WriteStream;
}
