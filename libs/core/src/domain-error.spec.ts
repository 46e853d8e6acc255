import { describe, expect, it } from 'vitest';
import { allOf, DomainError } from './domain-error.js';

const refused = (text: string) =>
  Promise.reject(new DomainError('invalid_argument', text, { internal: `why ${text}` }));
const away = () => Promise.reject(new DomainError('unavailable', 'Away.'));

describe('allOf', () => {
  it('passes when all have passed, none included', async () => {
    await allOf([]);
    await allOf([Promise.resolve(), Promise.resolve()]);
  });

  it('tells all that was refused at once, rather than what could not be found out', async () => {
    const outcome = allOf([away(), refused('No model a.'), Promise.resolve(), refused('No device b.')]);
    await expect(outcome).rejects.toMatchObject({
      code: 'invalid_argument',
      message: 'No model a. No device b.',
      internal: 'why No model a.; why No device b.',
    });
  });

  it('tells what could not be found out where nothing was refused', async () => {
    await expect(allOf([Promise.resolve(), away()])).rejects.toMatchObject({ code: 'unavailable' });
  });
});
