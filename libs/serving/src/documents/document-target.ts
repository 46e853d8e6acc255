import { DomainError } from '#core';
import type { DocumentRequest } from './document-request.js';

/** What a request of the compatible surface asks for. */
export interface DocumentTarget {
  readonly action: 'encode' | 'rank';
  /** The default model when undefined. */
  readonly model: string | undefined;
  /** `invalid_argument` for a model name that is no string, which the answer of the request tells. */
  readonly error?: DomainError;
}

/**
 * Reads the endpoint. `/rank` and `/rank/<model>` rank; everything else encodes, as the Python server has it, and
 * `/encode/<model>` names the model. A name may hold `/` and `::`. Clients that put it into `parameters.model_name`
 * too, or only there, are understood; the path wins.
 */
export function documentTarget({
  endpoint,
  parameters,
}: Pick<DocumentRequest, 'endpoint' | 'parameters'>): DocumentTarget {
  const [, verb, named] = /^\/?(encode|rank)(?:\/(.*))?$/s.exec(endpoint) ?? [];
  const action = verb === 'rank' ? 'rank' : 'encode';
  if (named) return { action, model: named };
  const value = parameters['model_name'];
  if (value === undefined || value === null || value === '') return { action, model: undefined };
  if (typeof value === 'string') return { action, model: value };
  const text = 'parameters.model_name must be a string: the name of a served model.';
  return { action, model: undefined, error: new DomainError('invalid_argument', text) };
}
