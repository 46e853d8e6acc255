import type { Permission } from '#auth';

/**
 * What can change, as pages know it, and which permission a caller needs to hear of it. An event says that something
 * has changed and nothing more; what it was is asked for by the routes, which check again.
 */
export const TOPIC_NEEDS = {
  tokens: 'tokens:read-own',
  usage: 'usage:read-own',
  traces: 'traces:read-own',
  models: 'models:read',
  pods: 'models:read',
  accounts: 'accounts:read',
  audit: 'audit:read',
  'log-level': 'settings:read',
  settings: 'settings:read',
  limits: 'settings:read',
  playground: 'models:read',
} as const satisfies Record<string, Permission>;

export type Topic = keyof typeof TOPIC_NEEDS;

/** Topics whose change counter has another name. */
const BY_COUNTER: Readonly<Record<string, Topic>> = { token_uses: 'tokens', log_level: 'log-level' };

/** The topic of a change counter; undefined for one that no page shows. */
export function topicOf(counter: string): Topic | undefined {
  const named = BY_COUNTER[counter];
  if (named) return named;
  return isTopic(counter) ? counter : undefined;
}

/** The topics that somebody with these permissions hears of. */
export function topicsFor(permissions: readonly Permission[]): ReadonlySet<Topic> {
  return new Set(
    Object.keys(TOPIC_NEEDS)
      .filter(isTopic)
      .filter((topic) => permissions.includes(TOPIC_NEEDS[topic])),
  );
}

function isTopic(name: string): name is Topic {
  return Object.hasOwn(TOPIC_NEEDS, name);
}
