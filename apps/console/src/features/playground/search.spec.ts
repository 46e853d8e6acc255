import { describe, expect, it } from 'vitest';
import { linesOf, playgroundSearch, TEXTS_MAX } from './search.js';

describe('the address of the playground', () => {
  it('keeps what it knows and leaves out the rest', () => {
    expect(playgroundSearch({ texts: 'a\nb', view: 'map', scores: 'share', example: 'count', surprise: 1 })).toEqual({
      texts: 'a\nb',
      view: 'map',
      scores: 'share',
      example: 'count',
    });
    expect(playgroundSearch({ texts: 5, view: 'nope', scores: 'x', model: '', example: 'y' })).toEqual({});
  });

  it('has a text a line, each once, and no more than are compared', () => {
    expect(linesOf(' a cat \n\n a dog\na cat')).toEqual(['a cat', 'a dog']);
    expect(linesOf(Array.from({ length: 99 }, (_, at) => `text ${at}`).join('\n'))).toHaveLength(TEXTS_MAX);
  });
});
