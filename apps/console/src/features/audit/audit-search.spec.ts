import { expect, it } from 'vitest';
import { parseQuery } from '../../query/parse.js';
import { auditFilterOf, auditSearchOf } from './audit-search.js';
import { AUDIT } from './language.js';

it('understands the address of earlier days as a query', () => {
  const { q } = auditSearchOf({ actor: 'ann b', action: 'token.', target: '-x', q: 'night' });
  expect(q).toBe('night actor:"ann b" action:token. target:-x');
  expect(parseQuery(q ?? '', AUDIT)).toEqual({
    terms: [
      { key: 'text', not: false, any: ['night'] },
      { key: 'actor', not: false, any: ['ann b'] },
      { key: 'action', not: false, any: ['token.'] },
      { key: 'target', not: false, any: ['-x'] },
    ],
    problems: [],
  });
});

it('leaves out what is no day and no number of an event', () => {
  expect(auditSearchOf({ from: '2026-13-01', to: 'now', event: '-1', actor: { a: 1 } })).toEqual({});
  expect(auditSearchOf({ from: '2026-01-31', event: 7 })).toEqual({ from: '2026-01-31', event: 7 });
});

it('asks for whole days', () => {
  expect(auditFilterOf([], { from: '2026-01-31', to: '2026-01-31' })).toEqual({
    from: '2026-01-31T00:00:00Z',
    to: '2026-01-31T23:59:59.999Z',
  });
});
