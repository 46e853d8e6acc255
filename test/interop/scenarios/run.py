"""Runs the scenarios against one address and prints one JSON line for each: {"name", "ok", "detail", "seconds"}.

    python run.py URL --fixtures DIR --model NAME --logit-scale NUMBER [--slow] [--only PART_OF_NAME]

The first line says which versions run: {"jina": "3.23.2", ...}. The exit status is 0 even when scenarios fail;
a scenario that hangs ends the run.
"""
import os

# Before any import of jina: no questions to servers on the internet, no proxy between us and loopback.
os.environ.update(NO_VERSION_CHECK='1', JINA_OPTOUT_TELEMETRY='1', JINA_HIDE_SURVEY='1', JINA_LOG_LEVEL='ERROR')
for name in ('http_proxy', 'https_proxy', 'all_proxy', 'grpc_proxy'):
    os.environ.pop(name, None)
    os.environ.pop(name.upper(), None)

import argparse
import contextlib
import faulthandler
import json
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings('ignore', category=DeprecationWarning)
warnings.filterwarnings('ignore', message='.*pkg_resources.*')

from harness import SCENARIOS, Connection, describe

import async_calls  # noqa: F401  (each module registers its scenarios)
import callbacks  # noqa: F401
import errors  # noqa: F401
import images  # noqa: F401
import plain_jina  # noqa: F401
import ranking  # noqa: F401
import refusals  # noqa: F401
import services  # noqa: F401
import texts  # noqa: F401

SCENARIO_SECONDS_MAX = 60


def main() -> None:
    args = arguments()
    report = os.fdopen(os.dup(sys.stdout.fileno()), 'w')
    connection = Connection(args.url, Path(args.fixtures), args.model, args.logit_scale)
    tell(report, versions())
    for scenario in SCENARIOS:
        wanted = args.only in scenario.name and connection.protocol in scenario.protocols
        if wanted and (args.slow or not scenario.slow):
            tell(report, outcome(scenario, connection))


def outcome(scenario, connection) -> dict:
    started = time.monotonic()
    # Ends the process, with its stacks on stderr: an exception thrown into jina's event loop would be swallowed there.
    faulthandler.dump_traceback_later(SCENARIO_SECONDS_MAX, exit=True)
    try:
        # clip-client prints tables; stdout carries only the report.
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter('ignore')
            scenario.run(connection)
        result = {'ok': True, 'detail': ''}
    except BaseException as thrown:  # CancelledError is one
        if isinstance(thrown, (KeyboardInterrupt, SystemExit)):
            raise
        result = {'ok': False, 'detail': describe(thrown)}
    finally:
        faulthandler.cancel_dump_traceback_later()
    return {'name': scenario.name, **result, 'seconds': round(time.monotonic() - started, 2)}


def versions() -> dict:
    with contextlib.redirect_stdout(sys.stderr):
        import clip_client
        import docarray
        import grpc
        import jina
    return {
        'python': sys.version.split()[0],
        'jina': jina.__version__,
        'docarray': docarray.__version__,
        'clip_client': clip_client.__version__,
        'grpc': grpc.__version__,
    }


def tell(report, line: dict) -> None:
    report.write(json.dumps(line) + '\n')
    report.flush()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument('url')
    parser.add_argument('--fixtures', required=True)
    parser.add_argument('--model', required=True)
    parser.add_argument('--logit-scale', type=float, required=True)
    parser.add_argument('--slow', action='store_true')
    parser.add_argument('--only', default='')
    return parser.parse_args()


if __name__ == '__main__':
    main()
