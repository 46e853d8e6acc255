import { Logger } from '@nestjs/common';
import type { DomainError } from '#core';

const logger = new Logger('Protocol');

/** What a caller is told only as "the server failed" is written down with its reason, for the operator. */
export function logUnforeseen(error: DomainError): void {
  if (error.code === 'internal') logger.error(error.internal ?? error.message);
}
