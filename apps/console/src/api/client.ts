import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';
import { send } from './send.js';

/** The named schemas of the admin API: `Schemas['TokenView']`. */
export type Schemas = components['schemas'];

/**
 * The admin API, typed by its own document. Calls throw an `ApiFailure`; `answer` takes the body out of what comes.
 *
 * @example
 * ```ts
 * const { tokens } = await answer(api.GET('/api/tokens', { params: { query: { ended: 'true' } } }));
 * ```
 */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

/** The body of an answer. Failures were thrown before; an answer without a body is `undefined`. */
export async function answer<Body>(call: Promise<{ data?: Body; response: Response }>): Promise<Body> {
  const { data } = await call;
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- send() throws for all but 2xx, so that data is what the document says
  return data as Body;
}
