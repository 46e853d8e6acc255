/** From the one that tells most to the one that tells nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** The least severe line that is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How long a level that somebody sets is in force where nobody says otherwise, in seconds. */
export const LEVEL_SECONDS = 15 * 60;
/** The longest that may be asked for. */
export const LEVEL_SECONDS_MAX = 24 * 60 * 60;
