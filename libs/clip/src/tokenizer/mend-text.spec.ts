import { describe, expect, it } from 'vitest';
import { mendText } from './mend-text.js';

describe('mending a text as the Python server does', () => {
  it.each([
    ['curly quotes', 'a dog’s “bone”', 'a dog\'s "bone"'],
    ['references', 'Tom &amp; Jerry &AMP Co', 'Tom & Jerry & Co'],
    ['references that are escaped twice', '&amp;lt;b&amp;gt;', '<b>'],
    ['names in capitals', 'P&EACUTE;REZ', 'PÉREZ'],
    ['full and half width', 'ＨＥＬＬＯ　ﾊﾟﾝ', 'HELLO パン'],
    ['ligatures', 'ﬁsh ﬅ', 'fish ſt'],
    ['control characters', '\ufeffca\0t', 'cat'],
    ['colours of a terminal', '\x1b[1;31mred\x1b[0m', 'red'],
    ['Windows-1252', '\x93x\x94\x85', '"x"…'],
    ['lone surrogates', 'a\ud800', 'a\ufffd'],
    ['decomposed letters', 'cafe\u0301', 'café'],
  ])('undoes %s', (_, text, mended) => {
    expect(mendText(text)).toBe(mended);
  });

  it('keeps unusual references from the first line of markup on', () => {
    expect(mendText('&EACUTE;\n<b>&EACUTE;</b>\n&EACUTE;')).toBe('É\n<b>&EACUTE;</b>\n&EACUTE;');
  });

  it('leaves text that was read in the wrong encoding as it is', () => {
    expect(mendText('cafÃ©')).toBe('cafÃ©');
  });

  it('gives up on what is escaped deeper than any text is', () => {
    expect(mendText(`&${'amp;'.repeat(4000)}`)).toMatch(/^&(amp;)+$/);
  });
});
