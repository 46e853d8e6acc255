import type { DomainError, ErrorCode } from '#core';
import type { DocumentStatus } from './document-request.js';

/**
 * The exception that the Python server raises for the same mistake; its clients see the name in
 * `header.status.exception`. A code that is missing here concerns the service and not the documents: such errors are
 * thrown, and the protocol answers with a failed call.
 */
const pythonNames: Partial<Record<ErrorCode, string>> = {
  invalid_argument: 'ValueError',
  model_unknown: 'ValueError',
  item_empty: 'ValueError',
  image_unreadable: 'UnidentifiedImageError',
  image_format_refused: 'UnidentifiedImageError',
  image_too_large: 'DecompressionBombError',
  tensor_invalid: 'ValueError',
  fetch_refused: 'PermissionError',
  fetch_failed: 'URLError',
  rank_without_matches: 'AttributeError',
  replica_lost: 'RuntimeError',
  item_poisonous: 'RuntimeError',
  internal: 'RuntimeError',
};

/** The status of a request that failed by its content; undefined for an error that the protocol has to report. */
export function inBandStatus(error: DomainError): DocumentStatus | undefined {
  const name = pythonNames[error.code];
  if (name === undefined) return undefined;
  const text = error.code === 'image_unreadable' ? `cannot identify image file: ${error.message}` : error.message;
  return {
    code: 'ERROR',
    description: `${name}(${pythonRepr(text)})`,
    exception: { name, args: [text], stacks: [], executor: 'CLIPEncoder' },
  };
}

/** Python's `repr` of a string: single quotes unless only they occur in it. */
function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
