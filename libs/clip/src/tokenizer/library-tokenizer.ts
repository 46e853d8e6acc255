import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { type Fields, fieldsOf, firstNumber, modelBroken } from '../json-fields.js';
import { cutText } from './cut-text.js';
import type { Tokenizer } from './tokenizer.js';

/** Any tokenizer that is not CLIP's, through `@huggingface/tokenizers`. */
export class LibraryTokenizer implements Tokenizer {
  readonly padId: number;
  private readonly hub: HubTokenizer;
  /** The last id of an empty text: the end token, or a start token where there is no end token, or nothing. */
  private readonly lastOfNone: number | undefined;

  /** `padToken` is what `tokenizer_config.json` names; it wins over the tokenizer's own padding. */
  constructor(json: Fields, padToken?: string) {
    this.hub = openHub(json);
    this.lastOfNone = this.hub.encode('').ids.at(-1);
    const named = padToken === undefined ? undefined : this.hub.token_to_id(padToken);
    this.padId = firstNumber(named, fieldsOf(json['padding'])['pad_id'], this.hub.token_to_id('<pad>')) ?? 0;
  }

  encode(text: string, lengthMax: number): number[] {
    const { ids } = this.hub.encode(cutText(text, lengthMax));
    const last = ids.at(-1);
    if (ids.length <= lengthMax || last === undefined) return ids;
    return last === this.lastOfNone ? [...ids.slice(0, lengthMax - 1), last] : ids.slice(0, lengthMax);
  }
}

function openHub(json: Fields): HubTokenizer {
  try {
    return new HubTokenizer(json, {});
  } catch (cause) {
    throw modelBroken('tokenizer.json describes a tokenizer that this version does not know', String(cause));
  }
}
