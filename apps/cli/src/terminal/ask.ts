import { text as readAll } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { DomainError } from '#core';
import type { Surroundings } from '../surroundings.js';

type Terminal = Pick<Surroundings, 'stdin' | 'stderr'>;

/** Whether a person is at the terminal, who can be asked. */
export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/**
 * Asks a question and resolves with the line that the person types. The question goes to stderr, since stdout is data.
 *
 * @throws DomainError `cancelled` for Ctrl-C and Ctrl-D
 */
export async function ask({ stdin, stderr }: Terminal, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  // Without this, the question would wait for ever after Ctrl-D.
  const closed = new Promise<undefined>((settle) => lines.once('close', () => settle(undefined)));
  const answer = await Promise.race([lines.question(question).catch(() => undefined), closed]);
  lines.close();
  if (answer === undefined) throw cancelled();
  return answer.trim();
}

/**
 * Asks a question and resolves with the line that the person types, which the terminal does not show.
 *
 * @throws DomainError `cancelled` for Ctrl-C, and for Ctrl-D on an empty line
 */
export async function askSecret({ stdin, stderr }: Terminal, question: string): Promise<string> {
  // First of all: the terminal would show keys that come before.
  stdin.setRawMode(true);
  stderr.write(question);
  stdin.setEncoding('utf8');
  stdin.resume();
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

/** Reads all of stdin, without the line break at its end. */
export async function secretFromStdin({ stdin }: Terminal): Promise<string> {
  return (await readAll(stdin)).replace(/\r?\n$/, '');
}

/** Reads keys as a terminal in raw mode sends them, which edits no line by itself. */
function typedLine(stdin: Terminal['stdin']): Promise<string> {
  const line = new TypedLine();
  return new Promise<string>((resolve, reject) => {
    const onData = (chunk: Buffer | string): void => {
      for (const key of chunk.toString()) {
        const end = line.press(key);
        if (end === undefined) continue;
        stdin.off('data', onData);
        if (end === 'done') resolve(line.text);
        else reject(cancelled());
        return;
      }
    };
    stdin.on('data', onData);
  });
}

function cancelled(): DomainError {
  return new DomainError('cancelled', 'Cancelled; nothing was changed.');
}

/** A line under the keys that a person types. */
class TypedLine {
  private readonly characters: string[] = [];

  get text(): string {
    return this.characters.join('');
  }

  /** Returns how the line ended; undefined while it goes on. */
  press(key: string): 'done' | 'cancelled' | undefined {
    if (key === '\r' || key === '\n') return 'done';
    if (key === CTRL_C || (key === CTRL_D && this.characters.length === 0)) return 'cancelled';
    if (key === CTRL_U) this.characters.length = 0;
    else if (key === BACKSPACE || key === DELETE) this.characters.pop();
    else if (key >= ' ') this.characters.push(key);
    return undefined;
  }
}

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_U = '\x15';
const BACKSPACE = '\b';
const DELETE = '\x7f';
