/** One item as the request itself had it: a text, the bytes of an image, or the address of one. */
export type InputItem =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly bytes: Uint8Array }
  | { readonly kind: 'uri'; readonly uri: string };

/** Most items of a request that are stored, and most bytes of them; of a larger one nothing is. */
const ITEMS_MAX = 256;
const BYTES_MAX = 2 * 1024 * 1024;

/**
 * What a request sent to be encoded, held while it runs, for a token that has it stored. A request that is too large,
 * or holds what cannot be stored, has none.
 */
export class RequestInputs {
  private readonly held: InputItem[] = [];
  private bytes = 0;
  private isRefused = false;

  /** In the order in which they were asked for. */
  get items(): readonly InputItem[] {
    return this.held;
  }

  /** Takes in what is asked for; copies nothing. */
  add(items: readonly (InputItem | { readonly kind: 'pixels' })[]): void {
    for (const item of items) {
      if (this.isRefused) return;
      if (item.kind !== 'pixels') {
        this.bytes += sizeOf(item);
        this.held.push(item);
      }
      if (item.kind === 'pixels' || this.bytes > BYTES_MAX || this.held.length > ITEMS_MAX) this.refuse();
    }
  }

  private refuse(): void {
    this.isRefused = true;
    this.held.length = 0;
  }
}

function sizeOf(item: InputItem): number {
  if (item.kind === 'image') return item.bytes.byteLength;
  return Buffer.byteLength(item.kind === 'text' ? item.text : item.uri);
}
