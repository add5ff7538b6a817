"""Peak memory of this process, between two moments."""

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")
RESET = Path("/proc/self/clear_refs")


def reset_peak():
    """Reset the peak, where the system allows it; elsewhere the peak is that since the process began."""
    try:
        RESET.write_text("5")
    except OSError:
        return False
    return True


def peak_mb():
    """Return the largest resident memory since :func:`reset_peak`, in MiB."""
    if STATUS.is_file():
        (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
