import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What a cookie is for. */
export type CookieUse = 'session' | 'device' | 'sign-on';

/**
 * The cookies of the admin API. Under TLS they have the prefix `__Host-`: a browser takes those only from this very
 * host over TLS, for all paths, so that a neighbour under the same domain cannot plant one.
 */
export class Cookies {
  /** @param secure whether browsers reach the admin API over TLS; also true behind a proxy that ends TLS */
  constructor(private readonly secure: boolean) {}

  /** The name by which browsers know it. */
  nameOf(use: CookieUse): string {
    return `${this.secure ? '__Host-' : ''}${NAMES[use]}`;
  }

  read(req: FastifyRequest, use: CookieUse): string | undefined {
    return req.cookies[this.nameOf(use)];
  }

  set(res: FastifyReply, use: CookieUse, value: string, lifetimeMs: number): void {
    void res.setCookie(this.nameOf(use), value, { ...this.attributes, maxAge: Math.floor(lifetimeMs / 1000) });
  }

  clear(res: FastifyReply, use: CookieUse): void {
    void res.clearCookie(this.nameOf(use), this.attributes);
  }

  /** Lax and not Strict: people who follow a link to the console, or come back from single sign-on, stay logged in. */
  private get attributes(): CookieSerializeOptions {
    return { httpOnly: true, sameSite: 'lax', path: '/', secure: this.secure };
  }
}

const NAMES: Readonly<Record<CookieUse, string>> = {
  session: 'cas_session',
  device: 'cas_device',
  'sign-on': 'cas_sign_on',
};
