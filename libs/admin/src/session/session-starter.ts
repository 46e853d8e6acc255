import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csrfTokenOf, DEVICE_COOKIE_MS_MAX, SESSION_LIFETIME_MS, SessionService, type Account } from '#auth';
import { clientAddressOf } from '../access/caller.js';
import { Cookies } from '../access/cookies.js';
import type { LoggedIn } from './session.dto.js';

/** Logs a browser in once its person is known. */
@Injectable()
export class SessionStarter {
  constructor(
    private readonly sessions: SessionService,
    private readonly cookies: Cookies,
  ) {}

  /** Makes a session in a cookie, and ends the one that the browser had before. */
  async begin(account: Account, req: FastifyRequest, res: FastifyReply): Promise<LoggedIn> {
    await this.endFormer(req);
    const userAgent = req.headers['user-agent'] ?? '';
    const { secret } = await this.sessions.create(account, { from: clientAddressOf(req), userAgent });
    this.cookies.set(res, 'session', secret, SESSION_LIFETIME_MS);
    return { account, csrfToken: csrfTokenOf(secret) };
  }

  /** Makes this browser known, so that the failures of others do not slow it. */
  rememberDevice(res: FastifyReply, deviceCookie: string): void {
    this.cookies.set(res, 'device', deviceCookie, DEVICE_COOKIE_MS_MAX);
  }

  private async endFormer(req: FastifyRequest): Promise<void> {
    const former = this.cookies.read(req, 'session');
    if (former === undefined) return;
    const resolved = await this.sessions.resolve(former).catch(() => undefined);
    if (resolved !== undefined) await this.sessions.end(resolved.account.id, resolved.session.id);
  }
}
