import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { verifyAuditLines, type AuditHead, type AuditVerdict } from '#audit';
import { DomainError } from '#core';
import type { CommandTools } from '../command-tools.js';
import { EXIT } from '../exit-codes.js';
import { linesIn } from '../text-lines.js';
import { auditHead, instant, lastInstant } from './option-values.js';

/** `cas audit …` */
export function addAuditCommands(program: Command, tools: CommandTools): void {
  const audit = program.command('audit').description('Who changed what, and whether anybody changed that');
  addVerify(audit, tools);
  addExport(audit, tools);
}

function addVerify(audit: Command, tools: CommandTools): void {
  const verify = audit
    .command('verify [file]')
    .description('Checks the chain of the trail, or of an export in a file (- is stdin)')
    .option('--expect-head <seq:hash>', 'An event that was noted before: it must be there, unchanged', auditHead);
  verify.action(async (file?: string) => {
    const { expectHead } = tools.optionsOf<{ expectHead?: AuditHead }>(verify);
    const verdict =
      file === undefined
        ? await tools.onBackend(verify, (backend) => backend.verifyAudit(expectHead))
        : await verifyAuditLines(linesOf(file, tools), { expectedHead: expectHead });
    if (!verdict.ok) tools.exitCode = EXIT.failed;
    tools.answer(verify, { json: { ...verdict }, text: verdictText(verdict) });
  });
}

function addExport(audit: Command, tools: CommandTools): void {
  const command = audit
    .command('export')
    .description('Writes the trail as JSON Lines, the oldest event first')
    .option('--from <time>', 'The first moment, such as 2026-01-31 or 2026-01-31T09:30:00Z (UTC)', instant)
    .option('--to <time>', 'The last moment; a day alone is meant to its end', lastInstant)
    .option('-o, --output <file>', 'Write to this file, which must not exist, instead of stdout');
  command.action(async () => {
    const {
      from: fromMs,
      to: toMs,
      output,
    } = tools.optionsOf<{ from?: number; to?: number; output?: string }>(command);
    await tools.onBackend(command, async (backend) => {
      const trail = backend.exportAudit({ fromMs, toMs });
      if (output === undefined) return pipeline(Readable.from(trail), tools.surroundings.stdout, { end: false });
      const file = resolve(tools.surroundings.cwd, output);
      const bytes = await writeNewFile(file, trail);
      tools.answer(command, { json: { file, bytes }, text: `Wrote ${file} (${bytes} bytes).` });
    });
  });
}

/** Writes a file and removes what a failure leaves of it. Its mode is 0600, since it holds names and addresses. */
async function writeNewFile(file: string, chunks: AsyncIterable<string>): Promise<number> {
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(Readable.from(chunks), target);
    return target.bytesWritten;
  } catch (err) {
    if (isNodeError(err, 'EEXIST')) {
      throw new DomainError('conflict', `The file ${file} exists already. Choose another name, or remove it.`);
    }
    await rm(file, { force: true });
    throw err;
  }
}

/** @throws DomainError `not_found` when there is no such file */
async function* linesOf(name: string, { surroundings }: CommandTools): AsyncGenerator<string> {
  const { cwd, stdin } = surroundings;
  const input = name === '-' ? stdin.setEncoding('utf8') : createReadStream(resolve(cwd, name), 'utf8');
  try {
    yield* linesIn(input);
  } catch (err) {
    throw isNodeError(err, 'ENOENT') ? new DomainError('not_found', `There is no file ${name}.`) : err;
  }
}

function verdictText(verdict: AuditVerdict): string {
  if (!verdict.ok) return `NOT INTACT at event ${verdict.seq}: ${verdict.reason}`;
  const { events, firstSeq, head } = verdict;
  const part = firstSeq > 1 ? ` from number ${firstSeq} on` : '';
  const count = events === 1 ? '1 event' : `${events} events`;
  return `Intact: ${count}${part}. To check later that it still begins with ${events === 1 ? 'it' : 'them'}:\n--expect-head ${head.seq}:${head.hash}`;
}

function isNodeError(err: unknown, code: string): boolean {
  return err instanceof Error && 'code' in err && err.code === code;
}
