/** A call of the admin API that failed, in words for people. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    /** A code of docs/errors.md; `unreachable` when no answer came at all. */
    readonly code: string,
    message: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly more: {
      /** Names the request in logs and traces. */
      readonly requestId?: string;
      /** How long to wait before the same call may succeed, in seconds. */
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(message);
  }
}

/** The failure that an answer of the API tells. */
export async function failureOf(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, message } = errorIn(body);
  const requestId = response.headers.get('x-request-id');
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiFailure(
    code ?? 'internal',
    message ?? `The server answered ${response.status} without a reason. Try again; if it stays, look into its log.`,
    response.status,
    {
      ...(requestId === null ? {} : { requestId }),
      ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
    },
  );
}

/** What to throw when no answer came: the server is away, or the network is. `isChange`: nobody sends it again. */
export function unreachable(isChange: boolean): ApiFailure {
  return new ApiFailure(
    'unreachable',
    isChange
      ? 'The server cannot be reached, so it is not known whether this was done. What you typed stays: look, and try again when the server is back.'
      : 'The server cannot be reached. What is shown may be old; this page tries again by itself.',
    0,
  );
}

function errorIn(body: unknown): { code?: string; message?: string } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  const { error } = body;
  if (typeof error !== 'object' || error === null) return {};
  return {
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...('message' in error && typeof error.message === 'string' ? { message: error.message } : {}),
  };
}
