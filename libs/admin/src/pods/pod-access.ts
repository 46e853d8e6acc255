import { Injectable } from '@nestjs/common';
import { TokenService } from '#auth';
import { callerMay, type Caller } from '../access/caller.js';
import type { PodReader } from './pod-views.js';

/** What a caller may see of the pods beyond what everybody may. */
@Injectable()
export class PodAccess {
  constructor(private readonly tokens: TokenService) {}

  /** Whoever may see all tokens sees who waits; members see themselves, and all others as one. */
  async readerFor(caller: Caller): Promise<PodReader> {
    const seesAll = callerMay(caller, 'tokens:read');
    const ownerId = caller.account?.id;
    const tokens =
      seesAll || ownerId !== undefined ? await this.tokens.list(seesAll ? {} : { ownerId: ownerId ?? '' }) : [];
    const names = new Map(tokens.map(({ id, name }) => [id, name]));
    return { seesAll, names, seesReasons: callerMay(caller, 'models:write') };
  }
}
