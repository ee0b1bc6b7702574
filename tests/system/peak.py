"""Runs a command and fails when it took more memory than allowed. Prints what it took.

peak.py LIMIT_MIB LABEL COMMAND...
"""

import resource
import subprocess
import sys
import time

if len(sys.argv) < 4:
    sys.exit(__doc__)
limit, label, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
began = time.monotonic()
code = subprocess.run(command, check=False).returncode
seconds = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"note: {label}: {seconds:.1f} s, {peak} MiB, exit code {code}", flush=True)
if peak > limit:
    sys.exit(f"failed: {label} took {peak} MiB, more than {limit} MiB")
sys.exit(code)
