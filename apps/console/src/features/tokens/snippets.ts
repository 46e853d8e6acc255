import type { Rights } from './could.js';

/** Ready code for one token, a text each. */
export interface Snippets {
  readonly curl: string;
  /** By the Python client; undefined for a token that may do nothing that it asks for. */
  readonly pythonClient: string | undefined;
  readonly pythonHttp: string;
  readonly typescript: string;
  readonly env: string;
}

/** Stands in the code where nobody has said where the inference API is. */
export const UNKNOWN_URL = 'https://YOUR-SERVICE';

/**
 * Code that makes a first request with a token, by what the token may do. The token is in it: show it where the token
 * itself may be shown.
 *
 * @param url where the inference API is, without a slash at the end
 * @param adminUrl where the admin API is: for a token that can do nothing else, and for the versions that work together
 *   below the Python client
 */
export function snippetsFor(token: string, rights: Rights, url: string, adminUrl: string): Snippets {
  const request = requestFor(rights, url, adminUrl);
  return {
    curl: curlOf(token, request),
    pythonClient: pythonClientOf(token, rights, url, adminUrl),
    pythonHttp: pythonOf(token, request),
    typescript: typescriptOf(token, request),
    env: `CLIP_URL=${url}\nCLIP_AUTH_TOKEN=${token}\n`,
  };
}

interface FirstRequest {
  readonly url: string;
  /** Undefined = GET. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

function requestFor({ scopes, models }: Rights, url: string, adminUrl: string): FirstRequest {
  const [model] = models ?? [];
  const named = model === undefined ? {} : { model };
  if (scopes.includes('encode')) return { url: `${url}/v1/embeddings`, body: { ...named, input: 'a photo of a cat' } };
  if (scopes.includes('rank')) {
    const candidates = ['a photo of a cat', 'a photo of a dog'];
    return { url: `${url}/v1/rank`, body: { ...named, query: 'a cat', candidates } };
  }
  if (scopes.includes('models:read')) return { url: `${url}/v1/models`, body: undefined };
  if (scopes.includes('admin:*')) return { url: `${adminUrl}/api/tokens`, body: undefined };
  return {
    url: `${url}/post`,
    body: { data: [{ text: 'a photo of a cat' }], execEndpoint: `/${scopes[0] ?? 'index'}` },
  };
}

function curlOf(token: string, { url, body }: FirstRequest): string {
  const head = `curl -s ${url} \\\n  -H 'Authorization: Bearer ${token}'`;
  if (body === undefined) return `${head}\n`;
  return `${head} \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'\n`;
}

function pythonClientOf(token: string, { scopes, models }: Rights, url: string, adminUrl: string): string | undefined {
  const address = url.replace(/^http:/, 'grpc:').replace(/^https:/, 'grpcs:');
  const [model] = models ?? [];
  const named = model === undefined ? '' : `, parameters={'model_name': ${quoted(model)}}`;
  const lines = scopes.includes('encode')
    ? [`print(client.encode(['a photo of a cat']${named}).shape)`]
    : scopes.includes('rank')
      ? [
          `query = Document(text='a cat', matches=[Document(text='a photo of a cat'), Document(text='a photo of a dog')])`,
          `for match in client.rank([query]${named})[0].matches:`,
          `    print(match.text, match.scores['clip_score'].value)`,
        ]
      : undefined;
  if (lines === undefined) return undefined;
  return [
    // Left alone, pip searches for versions that work together for longer than anybody waits.
    `# pip install clip-client==0.8.3 setuptools -c ${adminUrl}/clip-client-constraints.txt`,
    'from clip_client import Client',
    ...(scopes.includes('encode') ? [] : ['from docarray import Document']),
    '',
    `client = Client(${quoted(address)}, credential={'Authorization': ${quoted(token)}})`,
    ...lines,
    '',
  ].join('\n');
}

function pythonOf(token: string, { url, body }: FirstRequest): string {
  const data = body === undefined ? '' : `,\n    data=json.dumps(${JSON.stringify(body)}).encode(),`;
  const type = body === undefined ? '' : ", 'Content-Type': 'application/json'";
  return `import json, urllib.request\n\nrequest = urllib.request.Request(\n    ${quoted(url)},\n    headers={'Authorization': ${quoted(`Bearer ${token}`)}${type}}${data}\n)\nprint(json.load(urllib.request.urlopen(request)))\n`;
}

function typescriptOf(token: string, { url, body }: FirstRequest): string {
  const rest = body === undefined ? '' : `\n  method: 'POST',\n  body: JSON.stringify(${JSON.stringify(body)}),`;
  const type = body === undefined ? '' : ", 'Content-Type': 'application/json'";
  return `const response = await fetch(${quoted(url)}, {${rest}\n  headers: { Authorization: ${quoted(`Bearer ${token}`)}${type} },\n});\nconsole.log(await response.json());\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
