import { Strategy } from 'passport-strategy';
import { DomainError, type Principal } from '#core';

/** The part of a request that names a token, as Node gives it; gRPC metadata is put into the same shape. */
export interface RequestWithToken {
  readonly headers: {
    /** A token, alone or after `Bearer`. */
    readonly authorization?: string | undefined;
    /** What a WebSocket asks to speak; browsers, which cannot set headers, put `bearer.<token>` into this list. */
    readonly 'sec-websocket-protocol'?: string | undefined;
  };
}

const SUB_PROTOCOL = 'bearer.';

/** The passport strategy for access tokens. It fails with a DomainError as challenge, or with none without a token. */
export class AccessTokenStrategy extends Strategy {
  /** The name it is registered by. */
  static readonly strategyName = 'access-token';

  constructor(private readonly verify: (token: string) => Promise<Principal>) {
    super();
  }

  override authenticate({ headers }: RequestWithToken): void {
    const token = tokenOf(headers);
    if (token === undefined) {
      this.fail(401);
      return;
    }
    this.verify(token).then(
      (principal) => this.success(principal),
      (err: unknown) => {
        const failure = DomainError.from(err);
        if (failure.code === 'unauthenticated') this.fail(failure, 401);
        else this.error(failure);
      },
    );
  }
}

/** `authorization` counts before the sub-protocol; `undefined` when there is neither. */
function tokenOf(headers: RequestWithToken['headers']): string | undefined {
  const header = headers.authorization?.trim() ?? '';
  if (header !== '') return /^bearer\s/i.test(header) ? header.slice('bearer'.length).trim() : header;
  const protocols = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return protocols?.find((name) => name.startsWith(SUB_PROTOCOL))?.slice(SUB_PROTOCOL.length);
}
