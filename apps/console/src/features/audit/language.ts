import type { QueryLanguage } from '../../query/language.js';

/** What changes are searched by. Words alone are parts of a name, an action or an address. */
export const AUDIT: QueryLanguage = {
  free: 'text',
  fields: [
    {
      key: 'actor',
      aliases: ['who'],
      kind: 'text',
      about: 'who did it: a name or id',
      example: 'actor:ann@example.com',
    },
    {
      key: 'by',
      kind: 'choice',
      choices: ['account', 'token', 'host', 'system'],
      about: 'how it was done',
      example: 'by:token',
    },
    {
      key: 'action',
      aliases: ['what'],
      kind: 'text',
      about: 'what was done, or its beginning',
      example: 'action:token.',
    },
    {
      key: 'target',
      aliases: ['of'],
      kind: 'text',
      about: 'what was changed: a name or id',
      example: 'target:nightly',
    },
    { key: 'address', kind: 'text', about: 'where it came from', example: 'address:192.0.2.7' },
    { key: 'text', kind: 'text', about: 'a part of a name, action or address', example: 'text:example.com' },
  ],
};
