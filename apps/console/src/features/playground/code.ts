/** The languages that code is written in. */
export const LANGUAGES = [
  { id: 'curl', label: 'curl' },
  { id: 'python', label: 'Python' },
  { id: 'typescript', label: 'TypeScript' },
] as const;

export type Language = (typeof LANGUAGES)[number]['id'];

interface Asked {
  readonly model: string;
  readonly texts: readonly string[];
}

/** A program that ranks `texts` for a file `picture.jpg`, by `CLIP_URL` and `CLIP_AUTH_TOKEN`. */
export function codeOf(language: Language, asked: Asked): string {
  return { curl, python, typescript }[language](asked);
}

function curl({ model, texts }: Asked): string {
  const candidates = JSON.stringify(texts);
  const body = `{"model": ${JSON.stringify(model)}, "query": {"image": "IMAGE"}, "candidates": ${candidates}}`;
  const [before = '', after = ''] = body.split('IMAGE');
  return [
    `(printf %s ${quoted(before)}; base64 < picture.jpg | tr -d '\\n'; printf %s ${quoted(after)}) |`,
    `  curl -s "$CLIP_URL/v1/rank" -H "authorization: Bearer $CLIP_AUTH_TOKEN" \\`,
    `    -H 'content-type: application/json' -d @-`,
  ].join('\n');
}

/** Between single quotes, as a shell reads it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function python({ model, texts }: Asked): string {
  return `import base64, json, os, urllib.request

image = base64.b64encode(open('picture.jpg', 'rb').read()).decode()
body = {
    'model': ${JSON.stringify(model)},
    'query': {'image': image},
    'candidates': ${listOf(texts, 8, 4)},
}
request = urllib.request.Request(
    os.environ['CLIP_URL'] + '/v1/rank',
    json.dumps(body).encode(),
    {'content-type': 'application/json', 'authorization': 'Bearer ' + os.environ['CLIP_AUTH_TOKEN']},
)
for result in json.load(urllib.request.urlopen(request))['results']:
    print(f"{result['score']:.3f}  {result['candidate']}")`;
}

function typescript({ model, texts }: Asked): string {
  return `import { readFile } from 'node:fs/promises';

const image = (await readFile('picture.jpg')).toString('base64');
const response = await fetch(\`\${process.env.CLIP_URL}/v1/rank\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: \`Bearer \${process.env.CLIP_AUTH_TOKEN}\` },
  body: JSON.stringify({
    model: ${JSON.stringify(model)},
    query: { image },
    candidates: ${listOf(texts, 6, 4)},
  }),
});
const { results } = (await response.json()) as { results: { candidate: string; score: number }[] };
for (const { candidate, score } of results) console.log(score.toFixed(3), candidate);`;
}

function listOf(texts: readonly string[], indent: number, end: number): string {
  const lines = texts.map((text) => `${' '.repeat(indent)}${JSON.stringify(text)},`);
  return ['[', ...lines, `${' '.repeat(end)}]`].join('\n');
}
