export { TlsFiles } from './tls-files.js';
export { tlsServerFactory } from './tls-server-factory.js';
