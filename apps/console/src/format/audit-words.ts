/** What each action is in words, with the thing that it was done to after it. */
const WORDS: Readonly<Record<string, string>> = {
  'account.disable': 'disabled the account',
  'account.enable': 'enabled the account',
  'account.invite': 'invited',
  'account.login': 'logged in',
  'account.login-failed': 'failed to log in',
  'account.rename': 'renamed the account',
  'account.password': 'chose a password',
  'account.remove': 'removed the account',
  'account.reset-link': 'made a reset link for',
  'account.role': 'changed the role of',
  'account.setup-link': 'made the link for the first account',
  'account.setup': 'made the first account',
  'account.accept': 'took an invitation',
  'account.reset': 'chose a new password',
  'account.sign-on-bind': 'logged in by single sign-on for the first time',
  'account.sign-on-create': 'came by single sign-on, and got an account',
  'log-level.set': 'changed the log level',
  'log-level.reset': 'put the log level back',
  'models.apply': 'changed the models',
  'models.rollback': 'rolled the models back',
  'models.seed': 'took the models from the settings',
  'settings.change': 'started with other settings',
  'token.create': 'made the token',
  'token.revoke': 'revoked the token',
  'token.rotate': 'gave a new secret to the token',
  'token.update': 'changed the token',
};

/** `made the token`; an action that is not known here as it is. */
export function actionWords(action: string): string {
  return WORDS[action] ?? action;
}

/** The groups of actions that the filter offers, by how they begin. */
export const ACTION_GROUPS: readonly { begin: string; words: string }[] = [
  { begin: '', words: 'everything' },
  { begin: 'token.', words: 'tokens' },
  { begin: 'account.', words: 'accounts and log-ins' },
  { begin: 'models.', words: 'models' },
  { begin: 'settings.', words: 'settings' },
  { begin: 'log-level.', words: 'log level' },
];
