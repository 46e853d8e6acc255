export { TokenAuthenticator, tokenOf } from './token-authenticator.js';
export { TokenDirectory } from './token-directory.js';
export { mintToken, parseToken, TOKEN_PREFIX } from './token-format.js';
export type { TokenRecord } from './token-record.js';
export { TokenService, type IssuedToken } from './token-service.js';
export { TokenUses } from './token-uses.js';
export type { TokenWishes } from './token-wishes.js';
