export { AccessGuard } from './access-guard.js';
