import type { QueryLanguage } from '../language.js';

/** A language with a field of each kind. */
export const LANGUAGE: QueryLanguage = {
  fields: [
    { key: 'model', kind: 'text', about: 'that served', example: 'model:clip' },
    {
      key: 'outcome',
      aliases: ['status'],
      kind: 'choice',
      choices: ['ok', 'failed'],
      about: 'how it ended',
      example: 'outcome:ok',
    },
    { key: 'duration', kind: 'duration', about: 'how long it took', example: 'duration:>50ms' },
    { key: 'batch.fill', kind: 'share', about: 'how full', example: 'batch.fill:<0.3' },
    { key: 'items', kind: 'number', about: 'how many', example: 'items:>8' },
    { key: 'id', kind: 'text', about: 'of a request', example: 'id:abc' },
  ],
  free: 'id',
};
