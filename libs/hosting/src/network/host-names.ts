import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { isLoopback, requiresTokens, type Settings } from '#config';
import { DomainError, statusOf, KnownHosts, requireOneHost } from '#core';
import type { OpsRefusal } from '#telemetry';

/**
 * The host names that mean this service where no token is needed: the ones that every service has, the machine's own
 * name, and the hosts of CAS_CORS_ORIGINS.
 */
export function hostNames({ corsOrigins = [] }: Settings): KnownHosts {
  const named = corsOrigins.flatMap((origin) => URL.parse(origin)?.hostname ?? []);
  return new KnownHosts([hostname(), ...named]);
}

/**
 * Whether the inference port answers callers without a token under those names only. It does so where only this machine
 * reaches the port. With TLS a browser checks the name in the certificate; behind a trusted proxy, and on addresses
 * where the operator set CAS_AUTH=off, other names are valid.
 */
export function inferenceHostsOnly(settings: Settings): boolean {
  return !requiresTokens(settings) && settings.tlsCert === undefined && isReachedFromHereOnly(settings.host, settings);
}

/** Why the ops port, which never asks for a token, refuses a request, by the same rule; undefined where it does not. */
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
      return { httpStatus: statusOf(code).http, message };
    }
  };
}

function isReachedFromHereOnly(host: string, { trustedProxies, corsOrigins }: Settings): boolean {
  return isLoopback(host) && trustedProxies === undefined && corsOrigins?.includes('*') !== true;
}
