import { DomainError, isErrorCode, parseJson } from '#core';
import { failureAnswer } from './answers.js';

/** How long a server may take to answer, in milliseconds. */
const ANSWER_MS_MAX = 30_000;

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the answer has no time limit, such as an export. */
  readonly endless?: boolean;
}

/**
 * Speaks HTTP with an admin API. A failure becomes the DomainError that it was on the server.
 *
 * @example
 * const client = AdminClient.withToken('https://cas.example.com', token);
 * const { tokens } = parseAnswer(tokenListAnswer, await client.json('/api/tokens'));
 */
export class AdminClient {
  /** @param url without a slash at the end */
  constructor(
    readonly url: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  static withToken(url: string, token: string): AdminClient {
    return new AdminClient(url, { authorization: `Bearer ${token}` });
  }

  /** Sends a request and resolves with the JSON of its answer; undefined when that has none. */
  async json(path: string, call: Call = {}): Promise<unknown> {
    return parseJson(await (await this.send(path, call)).text());
  }

  /**
   * Sends a request and resolves with its answer.
   *
   * @throws DomainError `unavailable` when nobody answers; for a failure, the error that the server names
   */
  async send(path: string, { method = 'GET', body, headers = {}, endless = false }: Call = {}): Promise<Response> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(endless ? {} : { signal: AbortSignal.timeout(ANSWER_MS_MAX) }),
    }).catch((err: unknown) => {
      throw new DomainError('unavailable', `The admin API at ${this.url} cannot be reached: ${reasonOf(err)}.`);
    });
    if (!answer.ok) throw await failureOf(answer, this.url);
    return answer;
  }
}

/**
 * Parses the address of an admin API into the form in which it is stored and compared.
 *
 * @throws DomainError `invalid_argument`
 */
export function parseAdminUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol);
  if (!isWeb || url.username !== '' || url.password !== '') {
    throw new DomainError(
      'invalid_argument',
      'The URL must be that of an admin API, such as https://cas.example.com or http://127.0.0.1:51001, without a user or password.',
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

async function failureOf(answer: Response, url: string): Promise<DomainError> {
  const text = await answer.text().catch(() => '');
  const error = failureAnswer.safeParse(parseJson(text)).data?.error;
  if (error && isErrorCode(error.code)) return new DomainError(error.code, error.message);
  const isDown = answer.status === 502 || answer.status === 503 || answer.status === 504;
  return new DomainError(
    isDown ? 'unavailable' : 'internal',
    `${url} answered with HTTP status ${answer.status}, which the admin API does not do. Check that it is the URL of the admin port.`,
  );
}

/** The cause of a failed fetch, which is a group of errors for a name with several addresses. */
function reasonOf(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  if (err.name === 'TimeoutError') return `no answer within ${ANSWER_MS_MAX / 1000} s`;
  const cause = err.cause instanceof AggregateError ? err.cause.errors[0] : err.cause;
  return cause instanceof Error ? cause.message : err.message;
}
