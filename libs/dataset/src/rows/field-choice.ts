import { DomainError } from '#core';

/** Which part of each row is encoded, and what names the row. */
export interface FieldChoice {
  /** The column, field or extension with pictures. */
  readonly imageField?: string;
  /** The column, field or extension with texts. */
  readonly textField?: string;
  /** The column or field that names the row. */
  readonly idField?: string;
}

/** Fields that are taken when the caller names none, as data sets of the field call them. */
const USUAL_IMAGE_FIELDS = ['image', 'jpg', 'png', 'img', 'picture', 'image_bytes', 'image_path'];
const USUAL_TEXT_FIELDS = ['text', 'caption', 'txt', 'title', 'sentence', 'prompt'];

/** The field of a table that is encoded. */
export interface ChosenField {
  readonly name: string;
  readonly kind: 'image' | 'text';
}

/**
 * Chooses the field of a table with named columns: the caller's, else the first usual name, pictures first.
 *
 * @throws DomainError `invalid_argument` with the columns that there are
 */
export function chooseField(columns: readonly string[], { imageField, textField }: FieldChoice): ChosenField {
  const asked = imageField ?? textField;
  if (asked !== undefined) {
    requireColumn(columns, asked);
    return { name: asked, kind: imageField === undefined ? 'text' : 'image' };
  }
  const find = (usual: readonly string[]) => usual.find((name) => columns.includes(name));
  const image = find(USUAL_IMAGE_FIELDS);
  if (image !== undefined) return { name: image, kind: 'image' };
  const text = find(USUAL_TEXT_FIELDS);
  if (text !== undefined) return { name: text, kind: 'text' };
  throw new DomainError(
    'invalid_argument',
    `Which column is to be encoded? Name it with --image-field or --text-field. There are: ${listed(columns)}.`,
  );
}

/** @throws DomainError `invalid_argument` when a table has no such column */
export function requireColumn(columns: readonly string[], name: string): void {
  if (columns.includes(name)) return;
  throw new DomainError('invalid_argument', `There is no column "${name}". There are: ${listed(columns)}.`);
}

const LISTED_MAX = 30;

function listed(columns: readonly string[]): string {
  const names = columns.slice(0, LISTED_MAX).join(', ');
  return columns.length > LISTED_MAX ? `${names} and ${columns.length - LISTED_MAX} more` : names || 'none';
}
