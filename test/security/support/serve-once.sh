#!/usr/bin/env bash
# Starts the service given as arguments, waits until it is ready, asks it for one text and one picture, and stops it.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1 &
service=$!
for ((tries = 0; tries < 600; tries++)); do
  grep -q '"msg":"ready"' "$log" && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.1
done
port=$(sed -nE 's/.*"port":([0-9]+).*"msg":"ready".*/\1/p' "$log")
[[ -n $port ]] || { cat "$log"; exit 1; }

printf '{"input": ["a cat", {"image": "%s"}]}' "$(base64 -w0 test/fixtures/count-1.png)" |
  curl -sS --fail --noproxy '*' "http://127.0.0.1:$port/v1/embeddings" -H 'content-type: application/json' -d @- |
  grep -o '"index"' | wc -l | sed 's/^/embeddings: /'
kill -TERM "$service"
wait "$service"
