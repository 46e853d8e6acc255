/** A parsed JSON object whose fields are read with a check, at the edge between two processes. */
export class Fields {
  private readonly values: ReadonlyMap<string, unknown>;

  /** Throws when `json` is not an object. */
  constructor(json: unknown) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('a JSON object was expected');
    this.values = new Map<string, unknown>(Object.entries(json));
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  isText(name: string): boolean {
    return typeof this.values.get(name) === 'string';
  }

  string(name: string): string {
    const value = this.values.get(name);
    if (typeof value !== 'string') throw new Error(`field ${name} should be a string`);
    return value;
  }

  number(name: string): number {
    const value = this.values.get(name);
    if (typeof value !== 'number') throw new Error(`field ${name} should be a number`);
    return value;
  }

  /** A whole number, zero or more: lengths, counts, ids. */
  count(name: string): number {
    const value = this.number(name);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`field ${name} should be a whole number`);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.values.get(name);
    if (typeof value !== 'boolean') throw new Error(`field ${name} should be true or false`);
    return value;
  }

  object(name: string): Fields {
    return new Fields(this.values.get(name));
  }

  objects(name: string): Fields[] {
    const value = this.values.get(name);
    if (!Array.isArray(value)) throw new Error(`field ${name} should be a list`);
    return value.map((entry) => new Fields(entry));
  }
}
