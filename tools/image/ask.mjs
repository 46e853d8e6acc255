import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import process from 'node:process';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { root } from '../process.mjs';

/**
 * Asks the service in an image for what callers want of it: check.mjs starts this inside the container's network, where
 * nothing but the service is. Ends with 0 when all answers are right.
 */
const HOST = '127.0.0.1';
const [version] = process.argv.slice(2);

await assert.rejects(lookup('example.com'), 'there is a network');
assert.equal((await globalThis.fetch(`http://${HOST}:9090/health/ready`)).status, 200);
assert.equal((await embeddingOverHttp()).length, 512);
assert.equal((await embeddingOverGrpc()).length, 512);
await consoleLoads();
process.stderr.write(`Version ${version} answers over HTTP and gRPC, and its console loads.\n`);

async function embeddingOverHttp() {
  const answer = await globalThis.fetch(`http://${HOST}:51000/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: 'a cat' }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  const { data } = await answer.json();
  return data[0].embedding;
}

function embeddingOverGrpc() {
  const { clip } = loadPackageDefinition(loadSync(join(root, 'proto', 'clip', 'v1', 'clip.proto'), { oneofs: true }));
  const client = new clip.v1.Clip(`${HOST}:51000`, credentials.createInsecure());
  return new Promise((resolve, reject) => {
    client.encode({ items: [{ text: 'a cat' }] }, (error, answer) => {
      client.close();
      if (error) reject(error);
      else resolve(answer.results[0].embedding.values);
    });
  });
}

/** The page, and the script that it names. */
async function consoleLoads() {
  const page = await globalThis.fetch(`http://${HOST}:51001/`, { headers: { accept: 'text/html' } });
  assert.equal(page.status, 200);
  const script = /<script[^>]* src="([^"]+)"/.exec(await page.text())?.[1];
  assert.ok(script, 'the console has no script');
  const source = await globalThis.fetch(new URL(script, `http://${HOST}:51001/`));
  assert.match(source.headers.get('content-type') ?? '', /javascript/);
}
