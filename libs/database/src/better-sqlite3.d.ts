/** The part of better-sqlite3 that this lib uses by itself; the package ships no types of its own. */
declare module 'better-sqlite3-13' {
  interface Options {
    readonly?: boolean;
    fileMustExist?: boolean;
    /** How long a statement waits, blocking the thread, for another connection's lock; in milliseconds. */
    timeout?: number;
  }

  export default class SqliteConnection {
    constructor(file: string, options?: Options);
    exec(sql: string): this;
    pragma(sql: string, options?: { simple?: boolean }): unknown;
    prepare(sql: string): { all(...parameters: unknown[]): unknown[]; run(...parameters: unknown[]): unknown };
    close(): this;
  }
}
