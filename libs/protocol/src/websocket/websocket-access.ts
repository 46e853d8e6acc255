import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'ws';
import { authenticatedAnonymous, DomainError, statusOf } from '#core';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { unforeseen } from '../request/unforeseen.js';
import type { Tracing } from '../request/arrival.js';
import { beginUpgradeTrace } from './websocket-arrival.js';
import { rememberCaller, unauthenticated, withoutCredential } from '../request/caller.js';
import type { GuardPort } from '../request/access.js';
import type { ClientAddress } from '../request/client-address.js';
import type { PageOrigins } from '../request/page-origins.js';

type VerifyClient = Extract<ServerOptions['verifyClient'], (info: never, callback: never) => void>;

/** What upgrades are authenticated with. */
export interface WebSocketAccess {
  readonly guard: GuardPort;
  readonly clientAddress: ClientAddress;
  readonly pages: PageOrigins;
  /** The operator lets WebSockets do without a token although the rest needs one. */
  readonly withoutToken: boolean;
  /** What requests are traced with; undefined where nothing is traced. */
  readonly tracing: Tracing | undefined;
}

/**
 * Authenticates at the upgrade: it is refused with its HTTP status (401, 403, 503) unless it carries a token, in its
 * header or as the sub-protocol `bearer.<token>`, which is all that a browser can send.
 */
export function guardUpgrade({ guard, clientAddress, pages, withoutToken, tracing }: WebSocketAccess): VerifyClient {
  const admit = async (req: IncomingMessage): Promise<void> => {
    const { authorization, 'sec-websocket-protocol': offered } = req.headers;
    const webSocketProtocols = offered?.split(',').map((protocol) => protocol.trim()) ?? [];
    const found = await guard.authenticate({ authorization, webSocketProtocols });
    const authenticated = found ?? (withoutToken ? authenticatedAnonymous : undefined);
    if (!authenticated) throw guard.missing();
    pages.require(authenticated.principal, req.headers);
    rememberCaller(req, { ...authenticated, protocol: 'websocket', address: addressOf(req, clientAddress) });
  };
  return ({ req }, done) => {
    const requestId = requestIdOf(req.headers[REQUEST_ID_HEADER]);
    const arrival = tracing && beginUpgradeTrace(tracing, requestId, req);
    void admit(req).then(
      () => {
        arrival?.addPart('authenticate', arrival.startMs);
        done(true);
      },
      (err: unknown) => {
        const request = {
          requestId,
          protocol: 'websocket',
          operation: 'upgrade',
          principal: unauthenticated.id,
          trace: arrival?.trace,
        } as const;
        const error = DomainError.from(unforeseen(err, request));
        guard.onRefused('websocket', error.code);
        rememberCaller(req, { ...withoutCredential, protocol: 'websocket', address: addressOf(req, clientAddress) });
        if (arrival) arrival.operation = 'upgrade';
        arrival?.refuse(error);
        arrival?.end();
        const headers = error.code === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {};
        done(false, statusOf(error.code).http, error.message, headers);
      },
    );
  };
}

/** For a path that needs no token: lets everybody in, unauthenticated. */
export function admitEverybody({ clientAddress }: Pick<WebSocketAccess, 'clientAddress'>): VerifyClient {
  return ({ req }, done) => {
    rememberCaller(req, { ...withoutCredential, protocol: 'websocket', address: addressOf(req, clientAddress) });
    done(true);
  };
}

function addressOf({ socket, headers }: IncomingMessage, clientAddress: ClientAddress): string {
  return clientAddress(socket.remoteAddress, String(headers['x-forwarded-for'] ?? ''));
}

/**
 * The sub-protocol that is spoken: `bytes` or `json` where offered. A browser that offers nothing but its token must
 * hear that back, or it drops the connection.
 */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  const known = ['bytes', 'json'].find((protocol) => offered.has(protocol));
  return known ?? [...offered].find((protocol) => protocol.startsWith('bearer.')) ?? false;
}
