import { describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.js';

const routes = new RouteTable();
routes.add('GET', '/');
routes.add('GET', '/models');
routes.add('GET', '/models/*');
routes.add('POST', '/tokens');
routes.add('GET', '/tokens');
routes.add('PATCH', '/tokens/:id');
routes.add('POST', '/tokens/:id/rotate');

describe('RouteTable', () => {
  it.each([
    ['/', ['GET']],
    ['/tokens', ['GET', 'POST']],
    ['/tokens/', ['GET', 'POST']],
    ['/tokens?a=/b#/c', ['GET', 'POST']],
    ['/tokens/1', ['PATCH']],
    ['/tokens/1/rotate', ['POST']],
    ['/models/a/b', ['GET']],
    ['/models', ['GET']],
    ['/tokens/1/other', []],
    ['/tokens//rotate', []],
    ['/nowhere', []],
    ['/Tokens', []],
  ])('tells what is answered at %s', (url, methods) => {
    expect(routes.methodsAt(url)).toEqual(methods);
  });

  it('names other methods only where the given one is not answered', () => {
    expect(routes.othersAt('PUT', '/tokens')).toEqual(['GET', 'POST']);
    expect(routes.othersAt('HEAD', '/tokens')).toEqual([]);
    expect(routes.othersAt('GET', '/nowhere')).toEqual([]);
  });
});
