"""Runs the program named first, with what follows, within bounds that end with its process.

    python -I bounded.py shrinking.py 640.avif 640.jpg < original > copies

Decoders and encoders need memory by the pixel and are written in C.
"""

import os
import resource
import runpy
import sys

#: What the process may write to; its programs and libraries take about 15 MB more.
MEMORY = 128 * 2**20
CPU_SECONDS = 60

if __name__ == "__main__":
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # At the first limit it is told why; at the second killed, as by a machine without memory.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
