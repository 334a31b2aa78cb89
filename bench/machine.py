"""The machine that the figures were taken on: none means anything without it."""

import os
import platform
from pathlib import Path

import django
import psutil


def described() -> str:
    """Cores, processor, memory, versions."""
    return (
        f"{os.cpu_count()} cores of {_processor()}, {psutil.virtual_memory().total / 2**30:.0f} GB,"
        f" {platform.system()}, {platform.python_implementation()} {platform.python_version()},"
        f" Django {django.get_version()}"
    )


def busy() -> str:
    """How busy the machine was with other work, as a sentence: before anything is measured."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load < cores / 4:
        return "The machine did nothing else."
    return (
        f"The machine was busy with other work (load {load:.1f}): compare, rather than read off, the times."
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
