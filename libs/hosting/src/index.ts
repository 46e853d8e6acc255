export type { Roles } from './process/roles.js';
export { runApp } from './process/run-app.js';
