import { isIP } from 'node:net';
import { resolve } from 'node:path';

/**
 * Turns the text of a setting into its value. Every source (YAML, environment, flag, default) uses the same one.
 *
 * @example wholeNumber(1, 10).parse('7', '/') // 7
 */
export interface Kind<T> {
  /** What is allowed, as the end of the sentence "must be …". */
  readonly allowed: string;
  /** The value names a place on the disk; relative ones start at `baseDir`. Such settings take no `NAME_FILE`. */
  readonly isPath?: boolean;
  /** No message, log or audit may repeat the value. */
  readonly isSecret?: boolean;
  /**
   * The value as people may see it. Left out, it is the value's text; a secret without it shows only whether it is set.
   */
  shown?(value: T): string;
  /** The value, or undefined when the text is not allowed. `baseDir` is where relative paths of this source start. */
  parse(text: string, baseDir: string): T | undefined;
}

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/** A whole number from `min` to `max`, both included. `note` says what a special value means. */
export function wholeNumber(min: number, max: number, note = ''): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}${note && ` (${note})`}`,
    parse(text) {
      if (!/^\d+(e\d+)?$/i.test(text)) return undefined;
      return within(Number(text), min, max);
    },
  };
}

/** A size in bytes: a plain number, or one with kB, MB, GB (powers of 1000) or KiB, MiB, GiB (powers of 1024). */
export function byteSize(min: string, max: string): Kind<number> {
  return {
    allowed: `a size from ${min} to ${max}, such as 500kB, 64MiB or a plain number of bytes`,
    parse: (text) => within(bytesOf(text), bytesOf(min), bytesOf(max)),
  };
}

/** `true` or `false`, in the spellings that YAML, shells and Compose files use. */
export const yesOrNo: Kind<boolean> = {
  allowed: 'true or false',
  parse(text) {
    if (/^(true|yes|on|1)$/i.test(text)) return true;
    return /^(false|no|off|0)$/i.test(text) ? false : undefined;
  },
};

/** One of a few fixed words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return { allowed: `one of ${words.join(', ')}`, parse: (text) => words.find((word) => word === text) };
}

/** A name without spaces, such as a model's. */
export const name: Kind<string> = {
  allowed: 'a name without spaces',
  parse: (text) => (/^\S+$/.test(text) ? text : undefined),
};

/** An address to listen on. */
export const listenHost: Kind<string> = {
  allowed: 'an IP address or a host name, such as 127.0.0.1, 0.0.0.0, :: or localhost',
  parse: (text) => (isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? text : undefined),
};

/** A file or folder; the value is its absolute path. */
export function path(what: 'file' | 'folder'): Kind<string> {
  return { allowed: `the path of a ${what}`, isPath: true, parse: (text, baseDir) => resolve(baseDir, text) };
}

/** Devices that replicas are dealt to in turn, e.g. `cuda:0,cuda:1`. */
export const deviceList: Kind<readonly string[]> = {
  allowed: 'a comma list of cpu, cuda:N and tensorrt:N, such as cuda:0,cuda:1',
  parse: (text) => listOf(text, (device) => /^(cpu|(cuda|tensorrt):\d+)$/.test(device)),
};

/** Origins that browsers may call from; `*` alone is any. */
export const originList: Kind<readonly string[]> = {
  allowed: '* or a comma list of origins, such as https://app.example.com',
  parse: (text) => (text === '*' ? ['*'] : listOf(text, isOrigin)),
};

/** A value that is never shown. */
export const secret: Kind<string> = {
  allowed: 'a text that is not empty',
  isSecret: true,
  parse: (text) => (text === '' ? undefined : text),
};

/** Address of a database server; it may hold a password. */
export const databaseUrl: Kind<string> = {
  allowed:
    'a URL of the form postgres://user:password@host:5432/database, special characters percent-encoded (# is %23)',
  isSecret: true,
  shown: (url) => withoutCredentials(url.replace(/[?#].*$/s, '')), // parameters may hold a password, too
  parse: (text) => (URL.canParse(text) && /^postgres(ql)?:\/\//.test(text) ? text : undefined),
};

/** Where a web page is; the value has no slash at its end. */
export const webAddress: Kind<string> = {
  allowed: 'an http or https address, such as https://cas.example.com',
  shown: withoutCredentials,
  parse: (text) => (URL.canParse(text) && /^https?:\/\//.test(text) ? text.replace(/\/+$/, '') : undefined),
};

/** IP addresses and networks (CIDR). */
export const addressList: Kind<readonly string[]> = {
  allowed: 'a comma list of IP addresses and networks, such as 10.0.0.0/8,192.168.1.7',
  parse: (text) => listOf(text, isNetwork),
};

/** Domains of e-mail addresses, in lower case. */
export const domainList: Kind<readonly string[]> = {
  allowed: 'a comma list of domains, such as example.com,example.org',
  parse: (text) => listOf(text.toLowerCase(), (domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)),
};

/** An address without the user name and password that it may hold. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function within(value: number | undefined, min = 0, max = Infinity): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function bytesOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = BYTE_UNITS[unit.toUpperCase()];
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

function listOf(text: string, isAllowed: (entry: string) => boolean): readonly string[] | undefined {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.every(isAllowed) ? Object.freeze(entries) : undefined;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}
