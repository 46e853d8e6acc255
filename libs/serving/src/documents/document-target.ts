import { DomainError } from '#core';
import type { DocumentRequest } from './document-request.js';

/** What a request of the compatible surface asks for. */
export interface DocumentTarget {
  readonly action: 'encode' | 'rank';
  /** The default model when undefined. */
  readonly model: string | undefined;
}

/**
 * Reads the endpoint. `/rank` and `/rank/<model>` rank; everything else encodes, as the Python server has it, and
 * `/encode/<model>` names the model. A name may hold `/` and `::`. Clients that put it into `parameters.model_name`
 * too, or only there, are understood; the path wins. Throws `invalid_argument` for a name that is no string.
 */
export function documentTarget({
  endpoint,
  parameters,
}: Pick<DocumentRequest, 'endpoint' | 'parameters'>): DocumentTarget {
  const [, action, named] = /^\/?(encode|rank)(?:\/(.*))?$/s.exec(endpoint) ?? [];
  return { action: action === 'rank' ? 'rank' : 'encode', model: named || modelName(parameters['model_name']) };
}

function modelName(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new DomainError('invalid_argument', 'parameters.model_name must be a string: the name of a served model.');
}
