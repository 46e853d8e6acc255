import { type Fields, fieldsOf, firstNumber } from '../files/json-fields.js';
import { AddedTokens, type Section } from './added-tokens.js';
import { BytePairModel, hasMerges } from './byte-pair-model.js';
import { mayDropBeginning, normalizerOf } from './normalizers.js';
import { type PreTokenizer, marksFirstWord, preTokenizerOf } from './pre-tokenizers.js';
import { type Surroundings, surroundingsOf } from './post-processor.js';
import { encodeStart, type TextStart } from './text-start.js';
import type { TokenModel } from './token-model.js';
import type { Tokenizer } from './tokenizer.js';
import { UnigramModel } from './unigram-model.js';
import { quoted, unlikeReference } from './unlike-reference.js';
import { WordLevelModel, WordPieceModel } from './word-models.js';

/** Words repeat. A full cache starts anew; longer words are not cached. */
const CACHED_WORDS_MAX = 20_000;
const CACHED_CHARACTERS_MAX = 32;
/** The end of a text that was cut inside a word may still change: by a character reference, or a composed letter. */
const MARGIN = 64;

/**
 * Runs any `tokenizer.json`: normalizer, pre-tokenizer, model and post-processor. Its ids equal those of Rust's
 * `tokenizers` (`pipeline-tokenizer.spec.ts`). It ignores the file's own `truncation` and `padding`: texts are cut to
 * the context length of the model, and the tower pads the rows.
 */
export class PipelineTokenizer implements Tokenizer {
  readonly padId: number;
  private readonly model: TokenModel;
  private readonly added: AddedTokens;
  private readonly preTokenize: PreTokenizer;
  private readonly around: Surroundings;
  private readonly words = new Map<string, readonly number[]>();

  /** `padToken` comes from `tokenizer_config.json` and wins over the tokenizer's own padding. */
  constructor(json: Fields, padToken?: string) {
    refuseOtherEnd(json);
    this.model = tokenModelOf(json['model']);
    this.preTokenize = preTokenizerOf(json['pre_tokenizer']);
    this.added = new AddedTokens(json['added_tokens'], this.model, normalizerOf(json['normalizer']));
    this.around = surroundingsOf(json['post_processor']);
    const named = padToken === undefined ? undefined : this.idOf(padToken);
    this.padId = firstNumber(named, fieldsOf(json['padding'])['pad_id'], this.idOf('<pad>')) ?? 0;
  }

  encode(text: string, lengthMax: number): number[] {
    return this.encodePart(text, lengthMax, (end) => text.slice(0, end));
  }

  /** Encodes a cleaned text: `clean` returns the cleaned form of the first `end` UTF-16 units of `text`. */
  encodePart(text: string, lengthMax: number, clean: (end: number) => string): number[] {
    const { before, after } = this.around;
    const room = Math.max(0, lengthMax - before.length - after.length);
    const body = encodeStart(text, lengthMax, (start) => this.attempt(clean(start.end).toWellFormed(), room, start));
    return [...before, ...(body ?? []), ...after].slice(0, lengthMax);
  }

  private attempt(cleaned: string, room: number, { isCut, isInWord }: TextStart): number[] | undefined {
    const text = isInWord ? cleaned.slice(0, -MARGIN).toWellFormed() : cleaned;
    const ids: number[] = [];
    const sections = this.added.split(text);
    for (const [at, section] of sections.entries()) {
      const isLast = isInWord && at === sections.length - 1;
      if (!this.addIds(ids, section, room, isLast)) return undefined;
      if (ids.length >= room) return ids.slice(0, room);
    }
    return isCut ? undefined : ids;
  }

  /** Returns false when what follows could change an id. */
  private addIds(ids: number[], section: Section, room: number, isOpen: boolean): boolean {
    if ('id' in section) {
      ids.push(section.id);
      return true;
    }
    const words = this.preTokenize(section.text, section.start === 0).filter((word) => word !== '');
    for (const [at, word] of words.entries()) {
      const found = this.wordIds(word, room - ids.length, isOpen && at === words.length - 1);
      if (!found) return false;
      for (const id of found) ids.push(id);
      if (ids.length >= room) return true;
    }
    return true;
  }

  private wordIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined {
    if (word.length > CACHED_CHARACTERS_MAX || isOpen) return this.model.firstIds(word, count, isOpen);
    const known = this.words.get(word);
    if (known) return known;
    const ids = this.model.firstIds(word, Infinity, false) ?? [];
    if (this.words.size >= CACHED_WORDS_MAX) this.words.clear();
    this.words.set(word, ids);
    return ids;
  }

  private idOf(token: string): number | undefined {
    return this.added.idOf(token) ?? this.model.vocabulary.get(token);
  }
}

/** Refuses files that cut or pad at the beginning of a text, which the towers of this service do not do. */
function refuseOtherEnd(json: Fields): void {
  for (const part of ['truncation', 'padding']) {
    if (fieldsOf(json[part])['direction'] === 'Left') {
      throw unlikeReference(`${part} with the direction "Left"`, 'texts are cut and filled at their end');
    }
  }
  if (marksFirstWord(json['pre_tokenizer']) && mayDropBeginning(json['normalizer'])) {
    throw unlikeReference(
      'the prepend_scheme "first" beside a normalizer that may drop the beginning of a text',
      'whether the first word is marked then depends on what was dropped',
    );
  }
}

/**
 * Makes the `model` of a `tokenizer.json`, equal to that of Rust's `tokenizers`. Files from before 2022 do not name its
 * type. Throws `unavailable` for an unknown one.
 */
function tokenModelOf(value: unknown): TokenModel {
  const model = fieldsOf(value);
  switch (model['type'] ?? typeByFields(model)) {
    case 'BPE':
      return new BytePairModel(model);
    case 'Unigram':
      return new UnigramModel(model);
    case 'WordPiece':
      return new WordPieceModel(model);
    case 'WordLevel':
      return new WordLevelModel(model);
    default:
      throw unlikeReference(`the model ${quoted(model['type'])}`, 'an unknown type');
  }
}

function typeByFields(model: Fields): string | undefined {
  if (hasMerges(model)) return 'BPE';
  if (Array.isArray(model['vocab'])) return 'Unigram';
  if (model['continuing_subword_prefix'] !== undefined) return 'WordPiece';
  return model['vocab'] === undefined ? undefined : 'WordLevel';
}
