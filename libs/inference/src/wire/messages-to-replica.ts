import type { EncodeItem, Pixels } from '#core';
import type { ClipModelOptions } from '#clip';
import { Fields } from './fields.js';
import type { Frame } from './frames.js';

/** What the pool sends to a replica. */
export type ToReplica =
  /** First of all: what to load. */
  | {
      readonly type: 'hello';
      readonly replica: string;
      readonly model: ClipModelOptions;
      /** The largest batch that will come. */
      readonly batchItemsMax: number;
    }
  /**
   * Work, in answer to a pull. `beside`: without a pull, to be done beside the other work, since it takes long to
   * prepare.
   */
  | { readonly type: 'batch'; readonly id: number; readonly items: readonly EncodeItem[]; readonly beside?: true }
  /** Prove that you work: do a real forward run. */
  | { readonly type: 'ping' }
  /** Finish what you hold, then exit. */
  | { readonly type: 'close' };

/** Encodes a message as header and raw parts. Texts are parts too, since escapes would swell them in JSON. */
export function encodeToReplica(message: ToReplica): { header: object; parts: Uint8Array[] } {
  if (message.type !== 'batch') return { header: message, parts: [] };
  const parts = message.items.map(bytesOf);
  const items = message.items.map((item, n) => ({ ...shapeOf(item), bytes: parts[n]?.byteLength ?? 0 }));
  const { type, id, beside } = message;
  return { header: { type, id, items, beside }, parts };
}

/** Parses a frame into the message. Image bytes are views of the payload. Throws on anything unexpected. */
export function parseToReplica({ header, payload }: Frame): ToReplica {
  const fields = new Fields(header);
  const type = fields.string('type');
  switch (type) {
    case 'hello':
      return {
        type,
        replica: fields.string('replica'),
        model: parseModel(fields.object('model')),
        batchItemsMax: fields.count('batchItemsMax'),
      };
    case 'batch':
      return {
        type,
        id: fields.count('id'),
        items: parseItems(fields.objects('items'), payload),
        ...(fields.has('beside') ? { beside: true } : {}),
      };
    case 'ping':
    case 'close':
      return { type };
    default:
      throw new Error(`message ${type} is not known`);
  }
}

function bytesOf(item: EncodeItem): Uint8Array {
  switch (item.kind) {
    case 'text':
      return Buffer.from(item.text);
    case 'image':
      return item.bytes;
    case 'pixels':
      return item.pixels.data;
  }
}

function shapeOf(item: EncodeItem): object {
  if (item.kind === 'text') return { kind: item.kind };
  if (item.kind === 'image') return { kind: item.kind, wantsSquare: item.wantsSquare };
  const { width, height, channels } = item.pixels;
  return { kind: item.kind, width, height, channels, isSquare: item.isSquare };
}

function parseItems(shapes: readonly Fields[], payload: Buffer): EncodeItem[] {
  let offset = 0;
  return shapes.map((shape) => {
    const end = offset + shape.count('bytes');
    if (end > payload.byteLength) throw new Error('the payload is shorter than its items');
    const item = parseItem(shape, payload.subarray(offset, end));
    offset = end;
    return item;
  });
}

function parseItem(shape: Fields, bytes: Buffer): EncodeItem {
  const kind = shape.string('kind');
  switch (kind) {
    case 'text':
      return { kind, text: bytes.toString('utf8') };
    case 'image':
      return { kind, bytes, ...(shape.has('wantsSquare') ? { wantsSquare: true } : {}) };
    case 'pixels':
      return { kind, pixels: parsePixels(shape, bytes), ...(shape.has('isSquare') ? { isSquare: true } : {}) };
    default:
      throw new Error(`item kind ${kind} is not known`);
  }
}

function parsePixels(shape: Fields, data: Buffer): Pixels {
  const channels = shape.count('channels');
  if (channels !== 1 && channels !== 3 && channels !== 4) throw new Error(`pixels with ${channels} channels`);
  return { data, width: shape.count('width'), height: shape.count('height'), channels };
}

function parseModel(fields: Fields): ClipModelOptions {
  const limits = fields.object('imageLimits');
  return {
    folder: fields.string('folder'),
    name: fields.string('name'),
    threads: fields.count('threads'),
    provider: parseProvider(fields),
    imageLimits: { bytesMax: limits.number('bytesMax'), pixelsMax: limits.number('pixelsMax') },
  };
}

function parseProvider(fields: Fields): ClipModelOptions['provider'] {
  if (fields.isText('provider')) return 'cpu';
  const provider = fields.object('provider');
  const name = provider.string('name');
  if (name !== 'cuda' && name !== 'tensorrt') throw new Error(`provider ${name} is not known`);
  return { name, deviceId: provider.count('deviceId') };
}
