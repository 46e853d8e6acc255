import { isMap, isScalar, parseAllDocuments, visit, type Document } from 'yaml';
import { DomainError } from '#core';
import { isTree, shown, type Tree } from './tree.js';

/** A Flow file has some hundreds of bytes; a larger file than this is something else. */
const flowBytesMax = 256 * 1024;

/** More references to anchors than any Flow has; a few nested ones already can stand for billions of values. */
const aliasesMax = 100;

/**
 * Parses a Flow file by the rules of Python's YAML reader (YAML 1.1: `yes` is true, `<<` merges), without its dangers:
 * tags make no objects, and a file that would fill the memory is refused. A tag such as `!CLIPEncoder`, the older form
 * of a type, becomes `jtype`.
 *
 * @throws DomainError `invalid_argument` for what is no YAML, no map, or hostile
 */
export function readFlow(bytes: Uint8Array): Tree {
  if (bytes.byteLength > flowBytesMax) {
    throw notAFlow(`it has ${bytes.byteLength} bytes, and a Flow has ${flowBytesMax} at most`);
  }
  const tree = valueOf(documentOf(decode(bytes)));
  if (!isTree(tree)) throw notAFlow('it holds no map of keys and values');
  const type = tree['jtype'];
  if (type !== undefined && type !== 'Flow') throw notAFlow(`it describes a ${shown(String(type))}`);
  const isFlow = ['executors', 'deployments', 'gateway', 'with'].some((key) => key in tree);
  if (!isFlow) throw notAFlow('it has none of the keys with, gateway and executors');
  return tree;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notAFlow('it is not UTF-8 text');
  }
}

function documentOf(text: string): Document.Parsed {
  const documents = guarded(() => parseAllDocuments(text, { version: '1.1', prettyErrors: true }));
  const [document, ...others] = Array.isArray(documents) ? documents : [];
  if (!document) throw notAFlow('it is empty');
  if (others.length > 0) throw notAFlow('it holds several documents');
  const [problem] = document.errors;
  if (problem) throw notAFlow(inWords(problem.message));
  return document;
}

function valueOf(document: Document.Parsed): unknown {
  return guarded(() => {
    visit(document, {
      Node(_key, node) {
        const tag = node.tag;
        if (tag === undefined || tag.startsWith('tag:yaml.org,2002:') === false) nameType(node, tag);
        else if (!/:(map|seq|str|int|float|bool|null|merge)$/.test(tag))
          throw notAFlow(`the tag ${shown(tag)} is not read`);
      },
    });
    const value: unknown = document.toJS({ maxAliasCount: aliasesMax });
    JSON.stringify(value); // throws a TypeError for references in a circle
    return value;
  });
}

/** `!Name {…}` is the type Name; every other tag of the file's own is refused. */
function nameType(node: unknown, tag: string | undefined): void {
  if (tag === undefined) return;
  if (!/^!\w+$/.test(tag)) throw notAFlow(`the tag ${shown(tag)} is not read`);
  const type = tag.slice(1);
  if (isMap(node)) node.set('jtype', type);
  else if (isScalar(node) && !node.value) node.value = type;
}

/** The YAML reader's message without the lines of the file that it quotes. */
function inWords(message: string): string {
  if (message.startsWith('Maximum call stack')) return 'it is nested too deeply';
  return shown(message.split('\n')[0] ?? '').replace(/:$/, '');
}

/** Runs `work` and puts what the YAML reader throws into words: too many aliases, or too deep a nesting. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof DomainError) throw thrown;
    if (thrown instanceof RangeError) throw notAFlow('it is nested too deeply');
    if (thrown instanceof TypeError) throw notAFlow('a reference in it leads back to itself');
    throw notAFlow(thrown instanceof Error ? shown(thrown.message) : 'it cannot be read');
  }
}

function notAFlow(why: string): DomainError {
  return new DomainError('invalid_argument', `This file cannot be read as a Flow: ${why}.`);
}
