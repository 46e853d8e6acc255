import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { isLoopback, requiresTokens, type Settings } from '#config';
import { DomainError, faceOf, KnownHosts, requireOneHost } from '#core';
import type { OpsRefusal } from '#telemetry';

/**
 * The names that mean this service where no token is needed: besides those that every service has, the machine's and
 * those of CAS_CORS_ORIGINS.
 */
export function hostNames({ corsOrigins = [] }: Settings): KnownHosts {
  const named = corsOrigins.flatMap((origin) => URL.parse(origin)?.hostname ?? []);
  return new KnownHosts([hostname(), ...named]);
}

/**
 * Whether the inference port answers callers without a token under those names only. Elsewhere other names have to be
 * expected, or lead nowhere: with TLS a browser goes by the certificate; behind a proxy that the operator trusts, and
 * on addresses where CAS_AUTH=off was said on purpose, others give the names.
 */
export function inferenceHostsOnly(settings: Settings): boolean {
  return !requiresTokens(settings) && settings.tlsCert === undefined && isReachedFromHereOnly(settings.host, settings);
}

/** Which requests the ops port, which never needs a token, refuses: by the same rule. */
export function opsRefusals(settings: Settings): (req: IncomingMessage) => OpsRefusal | undefined {
  const hosts = hostNames(settings);
  const hostsOnly = !settings.opsTls && isReachedFromHereOnly(settings.opsHost, settings);
  return (req) => {
    try {
      requireOneHost(req);
      if (hostsOnly) hosts.require(req.headers.host);
      return undefined;
    } catch (err) {
      const { code, message } = DomainError.from(err);
      return { httpStatus: faceOf(code).http, message };
    }
  };
}

function isReachedFromHereOnly(host: string, { trustedProxies, corsOrigins }: Settings): boolean {
  return isLoopback(host) && trustedProxies === undefined && corsOrigins?.includes('*') !== true;
}
