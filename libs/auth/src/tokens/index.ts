export { TokenDirectory, type TokenDirectoryOptions } from './token-directory.js';
export { mintToken, parseToken, TOKEN_PREFIX, type MintedToken, type ParsedToken } from './token-format.js';
export type { TokenRecord } from './token-record.js';
export { TokenService, type IssuedToken } from './token-service.js';
export { TokenUses, type TokenUse } from './token-uses.js';
export type { TokenWishes } from './token-wishes.js';
