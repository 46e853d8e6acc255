export { runApp } from './process/run-app.js';
