import { DomainError } from '#core';

/** Reads the JSON that a server answered, value by value: nothing of it is believed unseen. */
export class Fields {
  private constructor(private readonly values: Record<string, unknown>) {}

  /** @throws DomainError `internal` unless `json` is an object; so do all readers for what is not there or of another type */
  static of(json: unknown): Fields {
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return new Fields({ ...json });
    throw unexpected();
  }

  text(name: string): string {
    const value = this.values[name];
    if (typeof value === 'string') return value;
    throw unexpected();
  }

  textOrNull(name: string): string | null {
    return this.values[name] === null ? null : this.text(name);
  }

  number(name: string): number {
    const value = this.values[name];
    if (typeof value === 'number') return value;
    throw unexpected();
  }

  numberOrNull(name: string): number | null {
    return this.values[name] === null ? null : this.number(name);
  }

  flag(name: string): boolean {
    const value = this.values[name];
    if (typeof value === 'boolean') return value;
    throw unexpected();
  }

  /** One of some words, such as a role. */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const found = allowed.find((word) => word === this.values[name]);
    if (found !== undefined) return found;
    throw unexpected();
  }

  texts(name: string): string[] {
    const value = this.list(name);
    if (value.every((entry) => typeof entry === 'string')) return value;
    throw unexpected();
  }

  list(name: string): unknown[] {
    const value = this.values[name];
    if (Array.isArray(value)) return value;
    throw unexpected();
  }

  /** Whether there is something under this name other than null. */
  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  inner(name: string): Fields {
    return Fields.of(this.values[name]);
  }

  /** As it came, for another reader. */
  raw(name: string): unknown {
    return this.values[name];
  }
}

function unexpected(): DomainError {
  return new DomainError(
    'internal',
    'The server does not answer like the admin API of this version. Check that the URL is that of the admin port, and ' +
      'that this command has the same version as the server.',
  );
}
