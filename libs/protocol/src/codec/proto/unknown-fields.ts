import type { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/**
 * Collects the fields that a decoder does not know, as they came, so that the answer can carry them again. Fields side
 * by side stay a view of the message; scattered ones are copied together, so that many small ones cost no more memory
 * than they are long.
 */
export class UnknownFields {
  private reader: WireReader | undefined;
  private start = 0;
  private end = 0;
  private joined: WireWriter | undefined;

  /** Steps over the field that began at `start` with `tag`, and keeps it. */
  keep(reader: WireReader, tag: number, start: number): void {
    reader.skip(tag);
    this.add(reader, start);
  }

  /** Keeps the field that began at `start` and ends where `reader` is. All come from readers of one message. */
  add(reader: WireReader, start: number): void {
    if (this.reader && this.end !== start) {
      this.joined ??= new WireWriter();
      this.joined.raw(this.reader.between(this.start, this.end));
      this.start = start;
    } else if (!this.reader) this.start = start;
    this.reader = reader;
    this.end = reader.offset;
  }

  /** All of it, or undefined when there was none. */
  bytes(): Uint8Array | undefined {
    const last = this.reader?.between(this.start, this.end);
    if (!this.joined || !last) return last;
    this.joined.raw(last);
    return this.joined.finish();
  }
}
