import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Nothing but our own files, no script or style inside of a page, and no frame around it. */
const STRICT = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  // Pictures that people try out stay in the browser, under addresses that only their page knows.
  'img-src': ["'self'", 'blob:'],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Swagger's page has styles inside and draws its signs from data URLs; scripts come from files there, too. */
const DOCUMENTATION = { ...STRICT, 'style-src': ["'self'", "'unsafe-inline'"], 'img-src': ["'self'", 'data:'] };

/** How long browsers remember to come by TLS only. */
const TLS_SECONDS = 31_536_000;

/** Devices and powers of browsers that no page of ours uses, so that nothing that gets into one can either. */
const PERMISSIONS = ['camera', 'geolocation', 'microphone', 'payment', 'serial', 'usb', 'browsing-topics']
  .map((name) => `${name}=()`)
  .join(', ');

/**
 * The same for answers that no hook sees: what Fastify's router refuses before there is a route. Nobody keeps them,
 * since they stand for addresses of the API, too.
 */
export function headersWithoutHooks({ overTls }: { readonly overTls: boolean }): Record<string, string> {
  return {
    'content-security-policy': Object.entries(STRICT)
      .map(([name, sources]) => `${name} ${sources.join(' ')}`)
      .join(';'),
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': PERMISSIONS,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    ...(overTls ? { 'strict-transport-security': `max-age=${TLS_SECONDS}` } : {}),
  };
}

/**
 * Adds what every answer tells browsers. Nobody keeps answers of the API. Under TLS browsers remember for a year to
 * come by TLS only.
 */
export async function addSecurityHeaders(fastify: FastifyInstance, { overTls }: { overTls: boolean }): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: STRICT },
    crossOriginEmbedderPolicy: true,
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: overTls ? { maxAge: TLS_SECONDS, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
  fastify.addHook('onRequest', async (req, res) => {
    res.header('permissions-policy', PERMISSIONS);
    if (req.url.startsWith('/api/')) res.header('cache-control', 'no-store');
    if (!/^\/docs(\/|$|\?)/.test(req.url)) return;
    res.helmet({ contentSecurityPolicy: { useDefaults: false, directives: DOCUMENTATION } });
  });
}
