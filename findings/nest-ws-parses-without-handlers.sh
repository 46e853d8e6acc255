#!/usr/bin/env bash
# @nestjs/platform-ws 12.1.1: a gateway without any message handler has every frame parsed as JSON, binary frames too.
#
# One would guess that a gateway which declares no @SubscribeMessage, and reads its sockets itself from handleConnection, gets its frames
# and pays for nothing else. The adapter listens beside it all the same: each frame is made a string and given to JSON.parse before it is
# looked up that there is nobody to hand it to, frames of protobuf or MessagePack included, where the error is swallowed. The event loop
# pays for it twice: once for Nest and once for whoever reads the frame. An adapter of one's own that overrides bindMessageHandlers, or a
# messageParser that returns nothing, ends it.
#
# Seen (Node 20.20 and 24.21, Linux x64, ws 8.23.0), a gateway with handleConnection only: of 100 text frames and 100 binary frames of three
# bytes each JSON.parse got 200; with a messageParser that returns nothing, 0. The gateway itself received all 200 in both.
#
# Needs Node 20.9 or newer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes > /dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @nestjs/core@12.1.1 @nestjs/common@12.1.1 @nestjs/websockets@12.1.1 \
  @nestjs/platform-ws@12.1.1 @nestjs/platform-express@12.1.1 ws@8.23.0 reflect-metadata@0.2.2 rxjs@7.8.2 > /dev/null

cat > frames.mjs <<'JS'
import process from 'node:process';

const parsed = [];
const { parse } = JSON;
JSON.parse = (text, ...rest) => {
  parsed.push(String(text));
  return parse(text, ...rest);
};
await import('reflect-metadata');
const { Module } = await import('@nestjs/common');
const { NestFactory } = await import('@nestjs/core');
const { WsAdapter } = await import('@nestjs/platform-ws');
const { WebSocketGateway } = await import('@nestjs/websockets');
const { WebSocket } = await import('ws');

const FRAMES = 100;
const text = JSON.stringify({ event: 'nobody', data: 'x'.repeat(1_000) });
const binary = Buffer.from([8, 150, 1]);

/** How many frames a gateway without handlers received, and how many of them were parsed. */
async function run(options) {
  let [received, done] = [0, () => undefined];
  const all = new Promise((resolve) => (done = resolve));
  class Gateway {
    handleConnection(socket) {
      socket.on('message', () => {
        received += 1;
        if (received === 2 * FRAMES) done();
      });
    }
  }
  WebSocketGateway({ path: '/frames' })(Gateway);
  class App {}
  Module({ providers: [Gateway] })(App);
  const app = await NestFactory.create(App, { logger: false });
  app.useWebSocketAdapter(new WsAdapter(app, options));
  await app.listen(0, '127.0.0.1');
  const client = new WebSocket(`ws://127.0.0.1:${app.getHttpServer().address().port}/frames`);
  await new Promise((resolve) => client.once('open', resolve));
  parsed.length = 0;
  for (let frame = 0; frame < FRAMES; frame++) {
    client.send(text);
    client.send(binary);
  }
  await all;
  const count = parsed.filter((one) => one === text || one === binary.toString()).length;
  client.terminate();
  await app.close();
  return { received, parsed: count };
}

const [usual, silent] = [await run({}), await run({ messageParser: () => undefined })];
console.log(`default: received ${usual.received}, parsed ${usual.parsed}; messageParser without a result: received ${silent.received}, parsed ${silent.parsed}`);
process.exit(usual.received === 200 && usual.parsed === 200 && silent.received === 200 && silent.parsed === 0 ? 0 : 1);
JS
node frames.mjs && echo "AS STATED" || { echo "CHANGED"; exit 1; }
