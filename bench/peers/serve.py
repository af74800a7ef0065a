"""One peer as a process that stays alive: a JSON request a line on stdin, a JSON answer a line.

A request names a file of raw float64: times, fluxes and errors, one after the other. What is timed
is the peer's own call, not the reading of the file.
"""

import json
import os
import sys
import time

import numpy as np


def serve(handlers):
    """handlers: name -> function(time, flux, error, request) -> dict, or a function that returns a
    pair (prepare, run), of which only run is timed."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = respond(handlers[request["call"]], request)
        except Exception as error:  # said to who asked, who decides
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def respond(handler, request):
    values = np.fromfile(request["path"], dtype=np.float64)
    columns = [np.ascontiguousarray(part) for part in values.reshape(3, -1)]
    wall, cpu = time.perf_counter(), time.process_time()
    answer = handler(*columns, request)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"seconds": wall, "cpuSeconds": cpu, **answer}


def versions(*names):
    from importlib.metadata import version

    return lambda *_: {"versions": {name: version(name) for name in names}}
