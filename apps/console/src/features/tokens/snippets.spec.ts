import { describe, expect, it } from 'vitest';
import { snippetsFor } from './snippets.js';

const TOKEN = 'cas_pat_secret';
const of = (scopes: Parameters<typeof snippetsFor>[1]['scopes'], models: readonly string[] | null = null) =>
  snippetsFor(TOKEN, { scopes, models, limits: {} }, 'https://clip.example.com', 'https://cas.example.com');

describe('ready code', () => {
  it('holds the address and the token, in every language', () => {
    for (const text of Object.values(of(['encode']))) {
      expect(text).toContain('clip.example.com');
      expect(text).toContain(TOKEN);
    }
    expect(of(['encode']).curl).toBe(
      `curl -s https://clip.example.com/v1/embeddings \\\n  -H 'Authorization: Bearer ${TOKEN}' \\\n` +
        `  -H 'Content-Type: application/json' \\\n  -d '{"input":"a photo of a cat"}'\n`,
    );
  });

  it('asks for what the token may do', () => {
    expect(of(['rank']).curl).toContain('/v1/rank');
    expect(of(['models:read']).curl).toContain('/v1/models');
    expect(of(['admin:*']).curl).toContain('https://cas.example.com/api/tokens');
    expect(of(['search']).curl).toContain('"execEndpoint":"/search"');
    expect(of(['encode'], ['mini-clip']).curl).toContain('"model":"mini-clip"');
  });

  it('by the Python client comes for what that can ask for only, on a model that the token may use', () => {
    expect(of(['models:read']).pythonClient).toBeUndefined();
    expect(of(['encode'], ['mini-clip']).pythonClient).toContain("parameters={'model_name': 'mini-clip'}");
    expect(of(['rank']).pythonClient).toContain('-c https://cas.example.com/clip-client-constraints.txt');
  });

  it('stays whole whatever the name of a model', () => {
    expect(of(['encode'], ["it's"]).curl).toContain(String.raw`"model":"it'\''s"`);
  });
});
