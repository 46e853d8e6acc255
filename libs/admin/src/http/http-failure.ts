import { HttpException } from '@nestjs/common';
import { CODE_OF_FRAMEWORK_STATUS, DomainError, type ErrorCode } from '#core';

/**
 * Turns anything that was thrown while a request was handled into a DomainError. It replaces the frameworks' own texts:
 * those of a JSON parser or a router may repeat a part of the request, and with it a password.
 */
export function domainErrorOf(thrown: unknown): DomainError {
  if (thrown instanceof DomainError || !(thrown instanceof Error)) return DomainError.from(thrown);
  const code = CODE_OF_FRAMEWORK_STATUS[statusOf(thrown) ?? 0];
  return code === undefined ? DomainError.from(thrown) : new DomainError(code, TEXT_OF_CODE[code] ?? UNREADABLE);
}

function statusOf(thrown: Error): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  return 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

const UNREADABLE = 'The request could not be read: its body must be one JSON object, sent as application/json.';

const TEXT_OF_CODE: Partial<Record<ErrorCode, string>> = {
  not_found: 'There is nothing at this address with this method. /docs lists what there is.',
  request_too_large: 'The body is larger than the 64 KiB that the admin API accepts.',
  unsupported_media_type: 'Only application/json bodies are accepted.',
  deadline_exceeded: 'The request did not arrive in time.',
};
