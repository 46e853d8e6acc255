import type { ItemSource } from '#serving';

/** For specs: items as they may be written, with what is read of them. */
export const READ_ITEMS: readonly [value: unknown, source: ItemSource][] = [
  ['a cat', { kind: 'text', text: 'a cat' }],
  ['https://example.org is a page', { kind: 'text', text: 'https://example.org is a page' }],
  ['data:image/png;base64,AAAA', { kind: 'uri', uri: 'data:image/png;base64,AAAA' }],
  [
    { type: 'text', text: 'a cat' },
    { kind: 'text', text: 'a cat' },
  ],
  [{ image: 'https://example.org/a.png' }, { kind: 'uri', uri: 'https://example.org/a.png' }],
  [{ image: 'QUJD\r\nRA==' }, { kind: 'image', bytes: Buffer.from('ABCD') }],
  [
    { type: 'image_url', image_url: { url: 'https://example.org/a' } },
    { kind: 'uri', uri: 'https://example.org/a' },
  ],
  [{ image_url: 'https://example.org/a' }, { kind: 'uri', uri: 'https://example.org/a' }],
  [{ image_url: { url: 'https://example.org/a', detail: 'low' } }, { kind: 'uri', uri: 'https://example.org/a' }],
  [
    { text: '', image: null, image_url: ' ' },
    { kind: 'text', text: '' },
  ],
  [
    { text: null, image: 'QUJD' },
    { kind: 'image', bytes: Buffer.from('ABC') },
  ],
  [
    { text: '', image: 'QUJD' },
    { kind: 'image', bytes: Buffer.from('ABC') },
  ],
  [
    { image: '', image_url: { url: 'https://a.b/c' } },
    { kind: 'uri', uri: 'https://a.b/c' },
  ],
  [
    { text: 'a cat', image: '', image_url: { url: '' } },
    { kind: 'text', text: 'a cat' },
  ],
  [{ image: '' }, { kind: 'image', bytes: Buffer.alloc(0) }],
  [{ image: ' \n https://example.org/a.png\t' }, { kind: 'uri', uri: 'https://example.org/a.png' }],
  [{ image: 'photos/cat.jpg' }, { kind: 'uri', uri: 'photos/cat.jpg' }],
  [{ image: '/pictures/cat.jpg' }, { kind: 'uri', uri: '/pictures/cat.jpg' }],
];

/** For specs: items that are refused since they have two contents. */
export const ITEMS_WITH_TWO_CONTENTS: readonly object[] = [
  { text: 'a cat', image: 'QUJD' },
  { text: 'a cat', image_url: { url: 'https://example.org/a' } },
  { image: 'QUJD', image_url: 'https://example.org/a' },
  { type: 'text', text: 'a cat', image: 'QUJD' },
];

/** For specs: items with a field that is not known, and the one that was meant. */
export const ITEMS_WITH_OTHER_FIELDS: readonly [value: object, meant: string][] = [
  [{ txt: 'a cat' }, 'text'],
  [{ img: 'QUJD' }, 'image'],
  [{ text: 'a cat', imgae: 'QUJD' }, 'image'],
  [{ url: 'https://example.org/a' }, 'image_url'],
  [{ image_url: { uri: 'https://example.org/a' } }, 'url'],
];

/** For specs: what is no item at all. */
export const ITEMS_OF_NO_CONTENT: readonly unknown[] = [
  null,
  true,
  [],
  ['a'],
  {},
  { text: 5 },
  { image: null },
  { image_url: {} },
];
