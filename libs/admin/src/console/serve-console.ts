import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { installationFolder } from '#core';
import { OPEN_ROUTE } from '../access/needs.js';

/** Where `npm run build` puts the console. */
const FOLDER = 'dist/console';
const PAGE = 'index.html';

/** Files beside the page that browsers ask for by themselves; the compressed ones are sent in their place. */
const FILES = new Set(['.svg', '.ico', '.png', '.txt', '.webmanifest']);

/** Looks like the name of a file beside the page. */
const FILE = /^\/[^/]+\.[a-z0-9]{1,11}$/i;

/** Built files have the hash of their content in their names: the same name is the same file for ever. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Addresses below these belong to the API: an unknown one is told in JSON. */
const API = /^\/(api|docs|openapi\.json)(\/|\?|$)/;

/**
 * Serves the files of the console, compressed as they were built. They hold nothing of anybody; the API gives what is
 * shown. Browsers ask for the page anew each time, so that page and scripts are of one version.
 */
export async function serveConsole(fastify: FastifyInstance): Promise<void> {
  const root = consoleFolder();
  if (isBuilt(root)) {
    await fastify.register(fastifyStatic, { root, serve: false, preCompressed: true, cacheControl: false });
  }
  fastify.get('/', { config: OPEN_ROUTE }, (_req, res) => sendPage(res, root));
  for (const file of isBuilt(root) ? readdirSync(root) : []) {
    if (FILES.has(extname(file))) fastify.get(`/${file}`, { config: OPEN_ROUTE }, (_req, res) => res.sendFile(file));
  }
  fastify.get('/assets/:file', { config: OPEN_ROUTE }, (req: FastifyRequest<{ Params: { file: string } }>, res) => {
    const file = `assets/${basename(req.params.file)}`;
    if (!existsSync(join(root, file))) return res.callNotFound();
    return res.header('cache-control', FOR_EVER).sendFile(file);
  });
}

/**
 * Answers browsers with the page at every address that no route has: its script reads the address. To be called before
 * anything else refuses such requests.
 */
export function answerWithPage(fastify: FastifyInstance): void {
  const root = consoleFolder();
  fastify.addHook('onRequest', async (req, res) => {
    if (req.is404 && isForPage(req)) await sendPage(res, root);
  });
}

function consoleFolder(): string {
  return join(installationFolder(), FOLDER);
}

function isBuilt(root: string): boolean {
  return existsSync(join(root, PAGE));
}

function sendPage(res: FastifyReply, root: string): FastifyReply {
  return isBuilt(root) ? res.header('cache-control', 'no-cache').sendFile(PAGE) : sendAbsence(res);
}

/** Says in the browser that the console is not built; the API works without it. */
function sendAbsence(res: FastifyReply): FastifyReply {
  const text =
    'The console is not built. Run `npm run build`, then start the service again. The API works: see /docs.\n';
  return res.code(503).type('text/plain; charset=utf-8').send(text);
}

/**
 * Programs that ask for an address that is none get a 404, people the page, which tells them in words. Dots are no sign
 * of a file but in a name beside the page: models and pods have them in theirs.
 */
function isForPage({ url, method, headers }: FastifyRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  const path = pathOf(url);
  return isRead && !API.test(path) && !FILE.test(path) && (headers.accept ?? '').includes('text/html');
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}
