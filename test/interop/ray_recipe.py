"""Encodes a Parquet file of captions on Ray by a running service: ray_recipe.py URL SOURCE OUT."""
import base64
import json
import sys
import urllib.request

import numpy as np
import ray

url, source, out = sys.argv[1:]


def encode(batch):
    body = json.dumps({"input": list(batch["caption"]), "encoding_format": "base64"}).encode()
    request = urllib.request.Request(f"{url}/v1/embeddings", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        rows = json.load(response)["data"]
    vectors = [np.frombuffer(base64.b64decode(row["embedding"]), "<f4") for row in rows]
    return {"id": batch["uid"], "embedding": np.stack(vectors)}


ray.init(num_cpus=2, include_dashboard=False)
ray.data.read_parquet(source).map_batches(encode, batch_size=64, concurrency=2).write_parquet(out)
