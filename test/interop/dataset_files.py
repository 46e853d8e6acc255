"""Writes sources with the libraries of the field, and says what they see in an output: dataset_files.py write|read DIR."""
import csv
import glob
import json
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import webdataset as wds

mode, folder, *pictures = sys.argv[1:]


def write():
    images = [open(name, "rb").read() for name in pictures]
    uids = [f"row-{n}" for n in range(300)]
    captions = pa.table({"uid": uids, "caption": [None if n == 7 else f"cat {n}" for n in range(300)]})
    pq.write_table(captions, f"{folder}/captions.parquet", row_group_size=100)
    rows = [{"bytes": data, "path": f"{n}.jpg"} for n, data in enumerate(images)]
    pq.write_table(pa.table({"image": rows}), f"{folder}/records.parquet", compression="zstd", write_page_index=True)
    pq.write_table(pa.table({"image": images}), f"{folder}/bytes.parquet")
    with wds.TarWriter(f"{folder}/samples.tar") as tar:
        for n, data in enumerate(images):
            tar.write({"__key__": f"sample{n}", "jpg": data, "txt": f"text {n}", "json": {"n": n}})
    with open(f"{folder}/rows.csv", "w", newline="") as file:
        csv.writer(file).writerows([["uid", "caption"], ["1", 'a "cat",\nasleep'], ["2", "a dög"]])


def read():
    table = pa.dataset.dataset(f"{folder}/parquet").to_table()
    column = pq.ParquetFile(sorted(glob.glob(f"{folder}/parquet/*.parquet"))[0]).metadata.row_group(0).column(1)
    duck = duckdb.sql(f"select id, embedding from '{folder}/parquet/*.parquet' order by id")
    numbers = np.concatenate([np.load(name) for name in sorted(glob.glob(f"{folder}/npy/*.npy"))])
    ids = [json.loads(line) for name in sorted(glob.glob(f"{folder}/npy/*.ids.jsonl")) for line in open(name)]
    as_numpy = table["embedding"].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1)
    found = {
        "type": str(table["embedding"].type),
        "encodings": sorted(column.encodings),
        "compression": column.compression,
        "rows": table.num_rows,
        "duckdb": [str(duck.types[1]), len(duck.fetchall())],
        "numpy": [str(numbers.dtype), list(numbers.shape)],
        "same": bool(np.array_equal(numbers, as_numpy) and ids == table["id"].to_pylist()),
    }
    print(json.dumps(found))


{"write": write, "read": read}[mode]()
