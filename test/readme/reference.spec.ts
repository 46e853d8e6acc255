import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { ERROR_TABLE } from '#core';
import { startServer } from '../support/server.js';
import { readPage } from './support/markdown.js';

describe('the reference pages', () => {
  it('give every error code the faces that it has', () => {
    const documented = Object.fromEntries(
      tableRows(readPage('docs/errors.md'))
        .filter(([code = '']) => code.startsWith('`'))
        .map(([code = '', ...faces]) => [code.replaceAll('`', ''), faces.slice(0, 4)]),
    );
    const real = Object.entries(ERROR_TABLE).map(([code, face]) => [
      code,
      [`\`${status[face.grpc]}\``, `${face.http}`, `${face.wsClose}`, face.retryable ? 'yes' : 'no'],
    ]);
    expect(documented).toEqual(Object.fromEntries(real));
  });

  it('name every metric of ours, and none that does not exist', async () => {
    await using server = await startServer();
    const exposed = await (await fetch(server.ops('/metrics'))).text();
    const real = [...exposed.matchAll(/^# TYPE (clip_\w+)/gm)].map((match) => match[1]);
    const documented = [...readPage('docs/operations.md').matchAll(/^\| `(clip_\w+)`/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual(real.sort());
  });
});

function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
