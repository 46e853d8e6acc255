import { type CoverMode, COVER_MODES, EXPLAIN_GRID } from '#serving';
import { RequestFields, type RequestForm } from './request-fields.js';

/** What a request of `/v1/explain` says beside its image and texts. */
export interface ExplainFields {
  readonly model: string | undefined;
  readonly grid: number;
  readonly mode: CoverMode;
  /** Whether the answer has the pixels that the model saw. */
  readonly square: boolean;
}

const EXPLAIN_FORM: RequestForm = {
  known: ['image', 'texts', 'model', 'grid', 'mode', 'square'],
  meant: new Map([
    ...['query', 'input', 'picture'].map((name): [string, string] => [name, 'image']),
    ...['text', 'candidates', 'labels', 'prompts', 'sentences'].map((name): [string, string] => [name, 'texts']),
    ...['model_name', 'model_id'].map((name): [string, string] => [name, 'model']),
    ...['size', 'cells', 'grid_size'].map((name): [string, string] => [name, 'grid']),
  ]),
  foreign: new Map(),
};

/** Reads the fields of `/v1/explain`; image and texts are not looked at. Throws `invalid_argument`. */
export function readExplainFields(body: unknown): ExplainFields {
  const fields = new RequestFields(body, EXPLAIN_FORM);
  return {
    model: fields.text('model'),
    grid: fields.within('grid', EXPLAIN_GRID),
    mode: fields.choice('mode', COVER_MODES),
    square: fields.flag('square'),
  };
}
