"""Builds the extension `damm._kernel` and puts libdamm beside it, where it looks for it.

The library is made from the Swift sources around this folder, or is the one that DAMM_LIBRARY names.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NAME = "libdamm.so"
# The stable ABI has the buffer protocol from 3.11 on: one wheel serves all later versions.
STABLE = sys.version_info >= (3, 11)


def header() -> Path:
    """The damm.h of the checkout, or the one beside the library that DAMM_LIBRARY names."""
    beside = Path(os.environ.get("DAMM_LIBRARY", "")).expanduser().resolve().parent
    for folder in (ROOT / "Sources" / "CDAMM" / "include", beside):
        if (folder / "damm.h").is_file():
            return folder / "damm.h"
    raise SystemExit(f"Build from a checkout of DAMM, or set DAMM_LIBRARY to a {NAME} beside damm.h.")


def version() -> str:
    text = header().read_text(encoding="utf-8")
    found = re.search(r'^#define DAMM_VERSION "(.*)"$', text, re.MULTILINE)
    if not found:
        raise SystemExit(f"{header()} does not define DAMM_VERSION.")
    return found.group(1)


def library() -> Path:
    given = os.environ.get("DAMM_LIBRARY")
    if given:
        found = Path(given).expanduser().resolve()
        if not found.is_file():
            raise SystemExit(f"DAMM_LIBRARY is {given}, but there is no such file.")
        return found
    subprocess.check_call(["make", "-C", str(ROOT), "lib"])
    return ROOT / ".build" / "lib" / NAME


def soname(library: Path) -> str:
    """The name under which a program that was linked with a library looks for it."""
    told = subprocess.run(["objdump", "-p", library], check=True, capture_output=True, text=True)
    found = re.search(r"SONAME\s+(\S+)", told.stdout)
    return found.group(1) if found else NAME


def scratch() -> dict[str, dict[str, str]]:
    """What is built on the way goes where `make clean` looks, and nothing of an older build stays."""
    if not (ROOT / "Package.swift").is_file():
        return {}
    folder = ROOT / ".build" / "python"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {"build": {"build_base": str(folder)}, "egg_info": {"egg_base": str(folder)}}


class Build(build_ext):
    def run(self) -> None:
        made = library()
        package = Path(self.get_ext_fullpath("damm._kernel")).parent
        package.mkdir(parents=True, exist_ok=True)
        name = soname(made)
        shutil.copyfile(made, package / name)
        for extension in self.extensions:
            extension.include_dirs.append(str(header().parent))
            extension.library_dirs.append(str(package))
            extension.libraries.append(f":{name}")
        super().run()


class Wheel(bdist_wheel):
    def finalize_options(self) -> None:
        if STABLE:
            self.py_limited_api = "cp311"
        super().finalize_options()


setup(
    version=version(),
    options=scratch(),
    ext_modules=[
        Extension(
            "damm._kernel",
            ["src/damm/_kernel.c"],
            depends=["src/damm/_arguments.h"],
            extra_compile_args=["-std=c11"],
            extra_link_args=["-Wl,-rpath,$ORIGIN"],
            define_macros=[("Py_LIMITED_API", "0x030B0000")] if STABLE else [],
            py_limited_api=STABLE,
        )
    ],
    cmdclass={"build_ext": Build, "bdist_wheel": Wheel},
)
