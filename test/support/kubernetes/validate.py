"""Validates objects of Kubernetes' own kinds: JSON lines on standard input, one line a problem on standard output."""

import json
import sys

import kubernetes_validate

for line in sys.stdin:
    found = json.loads(line)
    name = f"{found['kind']} {found['metadata'].get('name')}"
    try:
        kubernetes_validate.validate(found, sys.argv[1], strict=True)
    except kubernetes_validate.ValidationError as err:
        print(f"{name}: {'.'.join(str(part) for part in err.path)}: {err.message}")
    except (kubernetes_validate.SchemaNotFoundError, kubernetes_validate.InvalidSchemaError) as err:
        print(f"{name}: {err}")
