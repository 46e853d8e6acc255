export { AccessGuard, type AccessGuardOptions, type Credentials } from './access-guard.js';
export { AccessTokenStrategy, type RequestWithToken } from './access-token-strategy.js';
