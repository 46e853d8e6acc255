import { isTree, lookUp, shown, type Tree } from './tree.js';

export type SettingValue = string | number | boolean | readonly string[];

/** A setting of this service and the place in the Flow that it comes from. */
export interface MadeSetting {
  /** As in `cas.yml`. */
  readonly key: string;
  readonly value: SettingValue;
  readonly comment: string;
}

/** A part of the Flow that has no setting here, or another meaning. */
export interface LeftOut {
  /** Keys of the Flow file, with dots between. */
  readonly where: string;
  readonly why: string;
}

/** A value of the Flow and where it stands. */
export interface Placed {
  readonly value: unknown;
  readonly where: string;
}

/** The result of a conversion, gathered piece by piece. */
export class Conversion {
  readonly settings: MadeSetting[] = [];
  readonly leftOut: LeftOut[] = [];
  /** Notes for the reader of the result on what needs no setting. */
  readonly remarks: string[] = [];

  set(key: string, value: SettingValue, comment: string): void {
    this.settings.push({ key, value, comment: shown(comment) });
  }

  leave(where: string, why: string): void {
    this.leftOut.push({ where: shown(where), why });
  }

  /** Reports every key of a part as left out, with its reason, unless it is in `needless` or holds nothing. */
  leaveRest(part: Tree, where: string, needless: ReadonlySet<string>, reasons: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(part)) {
      if (value === null || needless.has(key)) continue;
      this.leave(`${where}.${key}`, lookUp(reasons, key) ?? 'there is nothing like it here');
    }
  }

  /** The entries of a part of the Flow, each with its place. A part that is no map is reported as left out. */
  entries(part: unknown, where: string): Readonly<Record<string, Placed>> {
    if (part !== undefined && part !== null && !isTree(part)) {
      this.leave(where, 'it holds no map of keys and values, so nothing of it is read');
    }
    const found = isTree(part) ? Object.entries(part) : [];
    return Object.fromEntries(found.map(([key, value]) => [key, { value, where: `${where}.${key}` }]));
  }

  remark(text: string): void {
    this.remarks.push(text);
  }

  /** Sets `key` to a whole number. One outside the limits becomes the nearest allowed number, which is reported. */
  setWithin(key: string, given: unknown, limits: { min: number; max: number }, where: string): void {
    const number = typeof given === 'string' && /^-?\d+$/.test(given.trim()) ? Number(given) : given;
    if (typeof number !== 'number' || !Number.isInteger(number)) return this.leave(where, 'it is not a whole number');
    const value = Math.min(Math.max(number, limits.min), limits.max);
    if (value !== number) this.leave(where, `${number} is beyond what is allowed here; ${value} is used`);
    this.set(key, value, where);
  }
}
