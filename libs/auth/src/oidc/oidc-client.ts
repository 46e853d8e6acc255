import * as openid from 'openid-client';
import { DomainError, type Clock } from '#core';
import { refusedByProvider, signOnFailure, unreachable } from './oidc-failures.js';
import { decodeKept, encodeKept } from './oidc-kept.js';

export interface OidcClientOptions {
  /** Issuer URL of the provider; its endpoints are discovered. Plain http only on loopback. */
  readonly issuer: string;
  readonly clientId: string;
  /** Left out for a public client, which PKCE alone protects. */
  readonly clientSecret?: string | undefined;
  readonly clock: Clock;
}

/** What a provider says about somebody who logged in there. */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Present only when the provider says that it has verified it. */
  readonly verifiedEmail: string | undefined;
  readonly name: string | undefined;
}

/**
 * OpenID Connect's authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0 section 3.1, RFC 7636).
 * The provider need not be up at start: it is asked when somebody logs in.
 */
export class OidcClient {
  private readonly issuer: URL;
  private discovered: { configuration: openid.Configuration; untilMs: number } | undefined;

  /** @throws DomainError `invalid_argument` for an issuer that is neither https nor on loopback */
  constructor(private readonly options: OidcClientOptions) {
    this.issuer = parseIssuer(options.issuer);
  }

  /**
   * Answers where to send the browser, and what to keep in an http-only cookie of SIGN_ON_MS_MAX until it comes back.
   *
   * @param redirectUrl where the provider sends the browser back to; must be registered there
   * @throws DomainError `unavailable` when the provider cannot be reached
   */
  async start(redirectUrl: string): Promise<{ url: string; kept: string }> {
    const configuration = await this.configuration();
    const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUrl,
      scope: 'openid email profile',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const kept = encodeKept({ state, nonce, verifier, redirectUrl, startedAtMs: this.options.clock.wallMs() });
    return { url: url.href, kept };
  }

  /**
   * Asks the provider who came back. The provider accepts each code once.
   *
   * @param query the parameters of the call to the redirect URL
   * @param kept what `start` gave, from the cookie
   * @throws DomainError `permission_denied` for a log-in that was refused, forged, replayed or too old, `unavailable`
   * when the provider cannot be reached or refuses this service
   */
  async finish(query: URLSearchParams, kept: string | undefined): Promise<OidcIdentity> {
    const { state, nonce, verifier, redirectUrl } = decodeKept(kept, this.options.clock.wallMs());
    const configuration = await this.configuration();
    const url = new URL(redirectUrl);
    url.search = query.toString();
    try {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
      const tokens = await openid.authorizationCodeGrant(configuration, url, checks);
      const claims = tokens.claims();
      if (claims === undefined) throw refusedByProvider('the provider sent no ID token');
      return identityOf(await withUserInfo(configuration, tokens.access_token, claims));
    } catch (err) {
      throw signOnFailure(err);
    }
  }

  /** Discovers the endpoints, again after an hour, so that a provider may move them; keeps no failure. */
  private async configuration(): Promise<openid.Configuration> {
    const nowMs = this.options.clock.now();
    if (this.discovered !== undefined && this.discovered.untilMs > nowMs) return this.discovered.configuration;
    const { clientId, clientSecret } = this.options;
    const execute = [openid.enableNonRepudiationChecks];
    if (this.issuer.protocol === 'http:') execute.push(openid.allowInsecureRequests);
    const authentication = clientSecret === undefined ? openid.None() : secretAuthentication(clientSecret);
    try {
      const configuration = await openid.discovery(this.issuer, clientId, clientSecret, authentication, {
        execute,
        timeout: TIMEOUT_SECONDS,
      });
      this.discovered = { configuration, untilMs: nowMs + DISCOVERED_MS_MAX };
      return configuration;
    } catch (err) {
      throw unreachable(err);
    }
  }
}

const DISCOVERED_MS_MAX = 3_600_000;

/** For each call to the provider; a person waits. */
const TIMEOUT_SECONDS = 10;

function parseIssuer(issuer: string): URL {
  const url = URL.parse(issuer);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return url;
  throw new DomainError('invalid_argument', 'The single sign-on issuer must be an https URL (http only on loopback).');
}

/** Uses the header unless the provider names only other ways (OpenID Connect Discovery 1.0: basic is the default). */
function secretAuthentication(clientSecret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(clientSecret), openid.ClientSecretPost(clientSecret)];
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported;
    const isBasic = methods === undefined || methods.includes('client_secret_basic');
    return (isBasic ? basic : post)(server, client, body, headers);
  };
}

/** Many providers put the e-mail address into the userinfo answer only. */
async function withUserInfo(
  configuration: openid.Configuration,
  accessToken: string,
  claims: openid.IDToken,
): Promise<openid.IDToken> {
  if (claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
  const { email, email_verified, name } = await openid.fetchUserInfo(configuration, accessToken, claims.sub);
  return { ...claims, email, email_verified, name };
}

function identityOf(claims: openid.IDToken): OidcIdentity {
  const { iss: issuer, sub: subject, email, email_verified: verified, name } = claims;
  // Some providers (Amazon Cognito) send the boolean as text.
  const isVerified = verified === true || verified === 'true';
  return {
    issuer,
    subject,
    verifiedEmail: isVerified && typeof email === 'string' ? email : undefined,
    name: typeof name === 'string' ? name : undefined,
  };
}
