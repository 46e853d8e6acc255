/** Which of our libs each lib may import (ARCHITECTURE.md, "Arrows"). A lib that is not listed may import any. */
const ARROWS = {
  core: [],
  config: ['core'],
  clip: ['core'],
  models: ['core', 'clip'],
  inference: ['core', 'clip'],
  serving: ['core', 'clip', 'inference', 'database', 'audit'],
  telemetry: ['core', 'database', 'audit'],
  database: ['core'],
  audit: ['database'],
  auth: ['core', 'database', 'audit'],
  metering: ['core', 'database'],
  pods: ['core', 'database', 'audit'],
  protocol: ['core', 'serving', 'metering'],
  admin: ['core', 'config', 'database', 'audit', 'auth', 'metering', 'serving', 'telemetry', 'pods'],
};

/** Of each lib that has rooms: which of its neighbours each room may import (ARCHITECTURE.md, "Rooms"). */
const ROOMS = {
  clip: {
    files: [],
    tensor: [],
    image: ['files'],
    tokenizer: ['files'],
    session: ['files', 'tensor', 'image', 'tokenizer'],
    model: ['files', 'image', 'tokenizer', 'session'],
    golden: ['files', 'model'],
  },
  models: {
    hub: [],
    progress: [],
    catalogue: ['hub'],
    cache: [],
    download: ['hub', 'progress', 'catalogue', 'cache'],
    store: ['hub', 'progress', 'catalogue', 'cache', 'download'],
    pulls: ['progress', 'catalogue', 'cache', 'store'],
  },
  inference: {
    wire: [],
    devices: [],
    scheduling: [],
    worker: ['wire', 'devices'],
    replica: ['wire', 'devices', 'scheduling'],
    pool: ['wire', 'devices', 'scheduling', 'replica'],
    plan: ['devices', 'pool'],
  },
  auth: {
    secrets: [],
    accounts: [],
    password: [],
    links: ['secrets'],
    sessions: ['secrets', 'accounts'],
    login: ['secrets', 'accounts', 'password'],
    oidc: ['accounts', 'links'],
    tokens: ['secrets', 'accounts'],
    services: ['accounts', 'links', 'login', 'password', 'sessions', 'tokens'],
  },
  protocol: {
    codec: [],
    budget: [],
    openapi: [],
    port: ['budget'],
    request: ['budget', 'codec'],
    http: ['budget', 'codec', 'openapi', 'request'],
    grpc: ['budget', 'codec', 'port', 'request'],
    websocket: ['budget', 'codec', 'request'],
    server: ['budget', 'grpc', 'http', 'openapi', 'port', 'protocol\\.module', 'request', 'websocket'],
  },
  pods: {
    report: [],
    directory: ['report'],
    command: ['directory'],
  },
  telemetry: {
    log: [],
    level: ['log'],
    resource: [],
    metrics: ['resource'],
    tracing: ['resource'],
    recent: ['tracing'],
    ops: ['metrics'],
  },
  admin: {
    changes: [],
    services: ['changes'],
    access: [],
    http: ['access'],
    console: ['access'],
    health: ['access'],
    accounts: ['access', 'http'],
    tokens: ['access', 'http'],
    audit: ['access', 'http'],
    usage: ['access', 'http', 'services'],
    traces: ['access', 'http', 'services'],
    models: ['access', 'http'],
    devices: ['access', 'http'],
    pods: ['access', 'http'],
    events: ['access', 'http', 'services', 'changes'],
    'log-level': ['access', 'http'],
    settings: ['access', 'http'],
    session: ['access', 'http', 'accounts'],
    'sign-on': ['access', 'http', 'services', 'session'],
    server: ['access', 'admin\\.module', 'console', 'http', 'services'],
  },
};

const roomRules = Object.entries(ROOMS).flatMap(([lib, rooms]) => {
  const source = `^libs/${lib}/src/`;
  const tests = `\\.spec\\.ts$|${source}testing/`;
  return [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room-${lib}-${room}`,
      comment: `libs/${lib}/src/${room} may import of its neighbours: ${allowed.join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `${source}${room}/`, pathNot: tests },
      to: { path: source, pathNot: `${source}(${[room, ...allowed].join('|')})(/|\\.ts$)` },
    })),
    {
      name: `rooms-only-${lib}`,
      comment: `a file of libs/${lib}/src lies in a room; only the index and Nest modules are at the top`,
      severity: 'error',
      from: {},
      to: {
        path: source,
        pathNot: `${source}((index|[a-z-]+\\.module)\\.ts$|testing/|(${Object.keys(rooms).join('|')})/)`,
      },
    },
  ];
});

const arrowRules = Object.entries(ARROWS).map(([lib, allowed]) => ({
  name: `arrows-of-${lib}`,
  comment: `libs/${lib} may import of ours: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrowRules,
    ...roomRules,
    {
      name: 'nothing-imports-apps',
      comment: 'apps are entries; what two of them need is a lib',
      severity: 'error',
      from: { pathNot: '^apps/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-apart',
      comment: 'an app does not import another one; what lies in apps/ itself is common to all',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/($1/|[^/]+$)' },
    },
    {
      name: 'features-apart',
      comment: 'a feature of the console links to others by address; what two need lies in a shared folder',
      severity: 'error',
      from: { path: '^apps/console/src/features/([^/]+)/' },
      to: { path: '^apps/console/src/(features/|router)', pathNot: '^apps/console/src/features/$1/' },
    },
    {
      name: 'shared-without-features',
      comment: 'only the router knows the features of the console',
      severity: 'error',
      from: { path: '^apps/console/src/', pathNot: '^apps/console/src/(features/|router|main)' },
      to: { path: '^apps/console/src/(features/|router)' },
    },
    {
      name: 'console-apart',
      comment: 'the console speaks to the service by its API alone',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(libs|migrations)/' },
    },
    {
      name: 'libs-by-their-index',
      comment: "a lib is entered by its src/index.ts only, by its name (#core), never by another lib's file",
      severity: 'error',
      from: { path: '^(libs/[^/]+/|apps/)' },
      to: { path: '^libs/', pathNot: '^($1|libs/[^/]+/src/index\\.ts$)' },
    },
    {
      name: 'plain-libs-without-nest',
      comment: 'core, config, clip, models and inference are plain TypeScript',
      severity: 'error',
      from: { path: '^libs/(core|config|clip|models|inference)/' },
      to: { path: '(^|/)@nestjs/' },
    },
    {
      name: 'replicas-without-zod',
      comment: 'every replica would hold 5 MB more (docs/adr/0016)',
      severity: 'error',
      from: { path: '^libs/(core|clip|inference)/' },
      to: { path: '^node_modules/zod/' },
    },
    {
      name: 'no-cycles',
      comment: 'two files that need each other are one idea, or hide a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'specs-stay-out',
      comment: 'what runs in production imports no test',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '\\.spec\\.ts$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
