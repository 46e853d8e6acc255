import { DomainError } from '#core';

/** What `charset` may say of UTF-8; plain ASCII is a part of it. */
const UTF8_NAMES = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/**
 * Throws `unsupported_media_type` unless the header announces JSON in UTF-8. A body whose type nobody told is taken for JSON, as
 * the original server does, and so is `text/plain`, which is what a browser's page may send without asking.
 */
export function requireJsonType(header = 'application/json'): void {
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
