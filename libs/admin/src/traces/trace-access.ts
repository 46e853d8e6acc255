import { Injectable } from '@nestjs/common';
import { TokenService, type TokenRecord } from '#auth';
import { callerMay, type Caller } from '../access/caller.js';

/** Which requests a caller may see. */
export interface VisibleTraces {
  /** Whose requests; undefined = everybody's, also those without a token. */
  readonly principalIds: readonly string[] | undefined;
  /** The tokens that can be named to the caller, those that ended included. */
  readonly tokens: readonly TokenRecord[];
}

/** Owners, admins and viewers see every request, members those of their own tokens. */
@Injectable()
export class TraceAccess {
  constructor(private readonly tokens: TokenService) {}

  /** Looks up what the caller may see, or of that the requests of one token. */
  async visibleTo(caller: Caller, token?: string): Promise<VisibleTraces> {
    if (callerMay(caller, 'traces:read')) {
      const tokens = await this.tokens.list({ includeEnded: true });
      return { principalIds: token === undefined ? undefined : [token], tokens };
    }
    const ownerId = caller.account?.id;
    const tokens = ownerId === undefined ? [] : await this.tokens.list({ ownerId, includeEnded: true });
    const own = tokens.map(({ id }) => id);
    return { principalIds: token === undefined ? own : own.filter((id) => id === token), tokens };
  }
}
