import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { type Fields, fieldsOf, firstNumber, modelBroken } from '../json-fields.js';
import type { Tokenizer } from './tokenizer.js';

/** Any tokenizer that is not CLIP's, through `@huggingface/tokenizers`. */
export class LibraryTokenizer implements Tokenizer {
  readonly padId: number;
  private readonly hub: HubTokenizer;

  /** `padToken` is what `tokenizer_config.json` names; it wins over the tokenizer's own padding. */
  constructor(json: Fields, padToken?: string) {
    this.hub = openHub(json);
    const named = padToken === undefined ? undefined : this.hub.token_to_id(padToken);
    this.padId = firstNumber(named, fieldsOf(json['padding'])['pad_id'], this.hub.token_to_id('<pad>')) ?? 0;
  }

  encode(text: string, lengthMax: number): number[] {
    const ids = this.hub.encode(text).ids;
    const last = ids.at(-1);
    if (ids.length <= lengthMax || last === undefined) return ids;
    return [...ids.slice(0, lengthMax - 1), last];
  }
}

function openHub(json: Fields): HubTokenizer {
  try {
    return new HubTokenizer(json, {});
  } catch (cause) {
    throw modelBroken('tokenizer.json describes a tokenizer that this version does not know', String(cause));
  }
}
