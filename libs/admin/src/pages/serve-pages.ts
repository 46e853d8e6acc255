import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { installationFolder } from '#core';
import { OPEN_ROUTE } from '../access/needs.js';

/** The file of each path. */
const PAGES: Readonly<Record<string, string>> = {
  '/': 'home.html',
  '/login': 'login.html',
  '/setup': 'setup.html',
  '/invite': 'password.html',
  '/reset': 'password.html',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the pages for people: set-up, log-in, invitation and one's own tokens. They are plain files, read once, that
 * hold nothing of anybody: the API gives what they show. Browsers ask for them anew each time, so that a page and its
 * script are of one version.
 */
export function servePages(fastify: FastifyInstance): void {
  const folder = join(installationFolder(), 'libs/admin/pages');
  for (const [url, file] of Object.entries(PAGES)) serveFile(fastify, url, join(folder, file));
  for (const file of readdirSync(folder)) {
    if (extname(file) !== '.html') serveFile(fastify, `/assets/${file}`, join(folder, file));
  }
}

function serveFile(fastify: FastifyInstance, url: string, path: string): void {
  const content = readFileSync(path);
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  fastify.get(url, { config: OPEN_ROUTE }, (_req, res) => {
    void res.type(type).header('cache-control', 'no-cache').send(content);
  });
}
