import { DomainError, type Document, type JsonValue } from '#core';
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
 * The documents that the paths lead to, each once, in the order that docarray's `traverse_flat` finds them. Throws
 * `invalid_argument` when an attribute is asked of a document that has none of that name.
 */
export function selectDocuments(documents: readonly Document[], paths: readonly PathStep[][]): LocatedDocument[] {
  return eachOnce(leavesOf(locateRoots(documents), paths));
}

function* leavesOf(roots: LocatedDocument[], paths: readonly PathStep[][]): Generator<LocatedDocument> {
  for (const steps of paths) yield* steps.reduce(follow, roots);
}

/**
 * Each document once, also between two steps: a path that names the same part twice at every level would otherwise find
 * twice as many documents at each.
 */
function eachOnce(found: Iterable<LocatedDocument>): LocatedDocument[] {
  const first = new Map<Document, LocatedDocument>();
  for (const located of found) {
    if (!first.has(located.document)) first.set(located.document, located);
  }
  return [...first.values()];
}

function follow(from: LocatedDocument[], { select, slice }: PathStep): LocatedDocument[] {
  const cut = (list: LocatedDocument[]): LocatedDocument[] =>
    slicedIndexes(list.length, slice).flatMap((index) => list[index] ?? []);
  if (select === 'r') return cut(from);
  if (select === 'c' || select === 'm') {
    return from.flatMap((located) => cut(locateChildren(located, select === 'c' ? 'chunk' : 'match')));
  }
  return eachOnce(from.flatMap((located) => attributesOf(located, select).flatMap((list) => cut(documentsOf(list)))));
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
