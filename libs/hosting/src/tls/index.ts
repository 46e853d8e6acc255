export { TlsFiles, type TlsLook, type TlsWatching } from './tls-files.js';
export { type TlsMaterial, type TlsPaths } from './tls-material.js';
export { tlsServerFactory, type Certificates } from './tls-server-factory.js';
