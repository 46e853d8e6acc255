import { DomainError, type Document, type JsonValue, turns } from '#core';
import { slicedIndexes, type PathStep } from './access-paths.js';

/** A document and the way to it, so that an error can say which one it means. */
export interface LocatedDocument {
  readonly document: Document;
  readonly kind: 'document' | 'chunk' | 'match';
  /** Its place among its siblings, from 0. */
  readonly index: number;
  readonly parent?: LocatedDocument;
}

/** The documents of a request, in order. */
export function locateRoots(documents: readonly Document[]): LocatedDocument[] {
  return documents.map((document, index) => ({ document, kind: 'document', index }));
}

export function locateChildren(parent: LocatedDocument, kind: 'chunk' | 'match'): LocatedDocument[] {
  const children = (kind === 'chunk' ? parent.document.chunks : parent.document.matches) ?? [];
  return children.map((document, index) => ({ document, kind, index, parent }));
}

/** `document 0, chunk 2 (id "c2")`, for a public text. */
export function describeDocument(located: LocatedDocument): string {
  const { id } = located.document;
  return id ? `${describePlace(located)} (id ${JSON.stringify(id)})` : describePlace(located);
}

function describePlace({ kind, index, parent }: LocatedDocument): string {
  return `${parent ? `${describePlace(parent)}, ` : ''}${kind} ${index}`;
}

/**
 * Most documents that the paths of one request pass, each as often as it is passed: some hundred milliseconds' worth.
 */
const PASSED_MAX = 500_000;

/**
 * The documents that the paths lead to, each once, in the order that docarray's `traverse_flat` finds them. The search
 * gives up the event loop now and then. Rejects with `invalid_argument` when an attribute is asked of a document that
 * has none of that name, and with `request_too_large` when the paths pass more than 500,000 documents.
 */
export async function selectDocuments(
  documents: readonly Document[],
  paths: readonly PathStep[][],
): Promise<LocatedDocument[]> {
  const walk = new Walk();
  const found = new Map<Document, LocatedDocument>();
  for (const steps of paths) {
    let located = locateRoots(documents);
    await walk.pass(located);
    for (const step of steps) located = await follow(located, step, walk);
    for (const one of located) if (!found.has(one.document)) found.set(one.document, one);
  }
  return [...found.values()];
}

/** Counts the documents that are passed, and leaves the event loop when its turn is over. */
class Walk {
  private left = PASSED_MAX;

  async pass(documents: readonly unknown[]): Promise<void> {
    this.left -= documents.length;
    if (this.left < 0) throw tooFar();
    if (turns.isOver) await turns.next();
  }
}

function tooFar(): DomainError {
  return new DomainError(
    'request_too_large',
    `The access path passes more than ${PASSED_MAX} documents. Name fewer levels, or send smaller batches.`,
  );
}

async function follow(from: LocatedDocument[], { select, slice }: PathStep, walk: Walk): Promise<LocatedDocument[]> {
  const cut = (list: LocatedDocument[]): LocatedDocument[] =>
    slicedIndexes(list.length, slice).flatMap((index) => list[index] ?? []);
  if (select === 'r') return cut(from);
  const found: LocatedDocument[] = [];
  if (select === 'c' || select === 'm') {
    for (const located of from) {
      const children = locateChildren(located, select === 'c' ? 'chunk' : 'match');
      await walk.pass(children);
      for (const child of cut(children)) found.push(child);
    }
    return found;
  }
  // Each once between two steps: a path that names the same part twice at every level would otherwise find twice as
  // many at each.
  const once = new Set<Document>();
  for (const located of from) {
    await walk.pass(located.document.chunks ?? []);
    for (const attribute of attributesOf(located, select)) {
      const list = documentsOf(attribute);
      await walk.pass(list);
      for (const one of cut(list)) {
        if (once.has(one.document)) continue;
        once.add(one.document);
        found.push(one);
      }
    }
  }
  return found;
}

/** Which chunk holds an attribute, and whether the attribute is that chunk or the list of its chunks. */
interface Attribute {
  readonly chunk: LocatedDocument;
  readonly isList: boolean;
}

/** The attributes of these names; several that mean the same are one, so that none is walked through twice. */
function attributesOf(located: LocatedDocument, names: readonly string[]): Attribute[] {
  const chunks = locateChildren(located, 'chunk');
  const attributes = new Map<string, Attribute>();
  for (const name of names) {
    const attribute = attributeOf(located, name, chunks);
    attributes.set(`${attribute.chunk.index} ${attribute.isList}`, attribute);
  }
  return [...attributes.values()];
}

function documentsOf({ chunk, isList }: Attribute): LocatedDocument[] {
  return isList ? locateChildren(chunk, 'chunk') : [chunk];
}

/** docarray's `get_multi_modal_attribute`: `_metadata.multi_modal_schema` says which chunk an attribute is. */
function attributeOf(located: LocatedDocument, name: string, chunks: readonly LocatedDocument[]): Attribute {
  const schema = member(located.document.metadata, 'multi_modal_schema');
  const attribute = member(schema, name);
  const position = member(attribute, 'position');
  const type = member(attribute, 'attribute_type');
  const chunk = typeof position === 'number' ? chunks[position] : undefined;
  if (chunk && (type === 'document' || type === 'nested')) return { chunk, isList: false };
  if (chunk && (type === 'iterable_document' || type === 'iterable_nested')) return { chunk, isList: true };
  throw new DomainError(
    'invalid_argument',
    `The access path asks for "${name}", which ${describeDocument(located)} lacks.`,
  );
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
