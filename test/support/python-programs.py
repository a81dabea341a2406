"""Runs a program for each line of standard input, in a fork of a process that has loaded the client already."""

import asyncio  # noqa: F401
import functools
import json
import os
import runpy
import signal
import ssl
import sys
import traceback

import httpx
import latchkey_client  # noqa: F401

answers = os.dup(1)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
# Reading the certificates of authorities is most of what a client of the test's server costs.
ssl.create_default_context = functools.cache(ssl.create_default_context)
httpx.Client().close()


def run(program: str, arguments: list[str]) -> int:
    for stream, ending in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{program}.{ending}", os.O_CREAT | os.O_WRONLY), stream)
    sys.argv = [program, *arguments]
    sys.path[0] = os.path.dirname(program)
    try:
        runpy.run_path(program, run_name="__main__")
        return 0
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


for line in sys.stdin:
    program, *arguments = json.loads(line)
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        status = run(program, arguments)
        os.write(answers, f"{json.dumps([program, status])}\n".encode())
        os._exit(0)
