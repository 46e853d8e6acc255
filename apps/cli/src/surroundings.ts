import type { ReadStream, WriteStream } from 'node:tty';

/** What the process gives to a run of the command. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** The folder of `cas.yml` and of relative paths, as for the service. */
  readonly cwd: string;
  /** `isTTY` is undefined for pipes and files. */
  readonly stdin: NodeJS.ReadStream | ReadStream;
  /** Data only: a program reads it. */
  readonly stdout: NodeJS.WriteStream | WriteStream;
  /** Messages: a person reads it. */
  readonly stderr: NodeJS.WriteStream | WriteStream;
}
