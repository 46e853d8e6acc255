import { authenticatedAnonymous, DomainError, type Authenticated } from '#core';
import type { TokenVerifier } from './token-verifier.js';

/** Where a request of any protocol may carry a token. */
export interface PresentedCredentials {
  /** The header or metadata `authorization`: a token, alone or after `Bearer`. */
  readonly authorization?: string | undefined;
  /**
   * The sub-protocols that a WebSocket asks for, of which `bearer.<token>` counts: browsers cannot set headers there.
   */
  readonly webSocketProtocols?: readonly string[] | undefined;
}

export interface TokenAuthenticatorOptions {
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  /** Whether a request needs a token. Without, whoever has none is `anonymous`. */
  readonly required: boolean;
}

/** Says whom a request of the inference API speaks for, before anything reads its body. */
export class TokenAuthenticator {
  constructor(private readonly options: TokenAuthenticatorOptions) {}

  /** What refuses a request that needs a token and came without one. */
  static missing(): DomainError {
    return new DomainError(
      'unauthenticated',
      'This needs an access token. Send it as the header or metadata "authorization: Bearer <token>".',
    );
  }

  /** Whether a request needs a token. */
  get required(): boolean {
    return this.options.required;
  }

  /**
   * Whom a request speaks for. Undefined when it carries no token although one is required: the caller decides whether
   * the request needs one, and throws `missing` then. When none is required, a token that is not a live one of ours
   * (old clients send those of another service), or that cannot be checked, counts as none.
   *
   * @throws DomainError, only when required: `unauthenticated` for a wrong, expired or revoked token, `unavailable`
   * when it cannot be checked
   */
  async authenticate(presented: PresentedCredentials): Promise<Authenticated | undefined> {
    const { verifier, required } = this.options;
    const token = tokenOf(presented);
    if (token === undefined) return required ? undefined : authenticatedAnonymous;
    const verified = verifier.verify(token);
    return required ? verified : verified.catch(() => authenticatedAnonymous);
  }
}

/** The token that a request carries; `authorization` counts before the sub-protocols. */
export function tokenOf({ authorization, webSocketProtocols = [] }: PresentedCredentials): string | undefined {
  const header = authorization?.trim() ?? '';
  if (header !== '') return /^bearer\s/i.test(header) ? header.slice('bearer'.length).trim() : header;
  return webSocketProtocols.find((name) => name.startsWith(SUB_PROTOCOL))?.slice(SUB_PROTOCOL.length);
}

const SUB_PROTOCOL = 'bearer.';
