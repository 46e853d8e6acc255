import type { IncomingMessage } from 'node:http';
import { DomainError } from '#core';
import { hasBody } from './discard-rest.js';

const JSON_TYPE = 'application/json';

/** What `charset` may say of UTF-8; plain ASCII is a part of it. */
const UTF8_NAMES = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

const types = new WeakMap<IncomingMessage, string>();

/**
 * Moves the type of the body out of the head of a request, for `typeOf`: Fastify would refuse what is no media type
 * before the request is counted. A body without a type counts as JSON, as with the original server.
 */
export function extractType(req: IncomingMessage): void {
  const { 'content-type': given } = req.headers;
  if (given === undefined && !hasBody(req)) return;
  types.set(req, given ?? JSON_TYPE);
  req.headers['content-type'] = JSON_TYPE;
}

/** The type that the sender of `req` gave its body, as it is written. */
export function typeOf(req: IncomingMessage): string {
  return types.get(req) ?? JSON_TYPE;
}

/**
 * Throws `unsupported_media_type` unless the header announces JSON in UTF-8. `text/plain` is taken for JSON, since that
 * is what a browser's page may send without asking.
 */
export function requireJsonType(header: string): void {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (!/^(application\/(.+\+)?json|text\/plain)$/.test(type)) {
    throw new DomainError(
      'unsupported_media_type',
      'Only application/json bodies are accepted, plain, gzip, deflate or br.',
    );
  }
  for (const parameter of parameters) {
    const charset = /^charset\s*=\s*"?([^"]*)"?$/.exec(parameter)?.[1]?.trim();
    if (charset === undefined || UTF8_NAMES.has(charset)) continue;
    throw new DomainError(
      'unsupported_media_type',
      `The charset ${JSON.stringify(charset.slice(0, 40))} is not read here. Encode the body as UTF-8 and say so, or leave charset out.`,
    );
  }
}
