"""The package as it is handed out: what the wheel and the sdist hold, and that the tests run what was installed from them."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

import komhen
from komhen import _core
from komhen.doctor import OPTIONAL, diagnosis
from support import done, cli

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "build" / "dist"


def one(pattern: str) -> Path:
    found = sorted(DIST.glob(pattern))
    if not found:
        pytest.skip(f"there is no {pattern} in build/dist: .ci/python.sh makes it")
    (path,) = found
    return path


def in_tree() -> set[str]:
    """The files of the package in the tree, without what is built or cached."""
    package = ROOT / "python" / "komhen"
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"komhen/{path.relative_to(package).as_posix()}" for path in files if path.suffix not in (".so", ".pyc")}


def test_the_wheel_holds_the_package_its_types_its_licence_and_nothing_else():
    names = set(zipfile.ZipFile(one("*.whl")).namelist())
    compiled = {name for name in names if re.fullmatch(r"komhen/_core\.[\w-]+\.so", name)}
    info = {name for name in names if ".dist-info/" in name}
    assert len(compiled) == 1
    assert names - compiled - info == in_tree()
    assert {"komhen/py.typed", "komhen/_core.pyi"} <= names
    assert {name.split("/", 1)[1] for name in info} == {
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE",
    }


def test_the_wheel_needs_nothing_and_names_no_path_of_the_machine_that_built_it():
    wheel = zipfile.ZipFile(one("*.whl"))
    (metadata,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA"))
    needs = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:")]
    assert needs and all("extra ==" in line for line in needs)
    for name in wheel.namelist():
        held = wheel.read(name)
        assert str(ROOT).encode() not in held and f"{Path.home()}/".encode() not in held, name


def test_the_sdist_holds_what_a_build_needs_and_nothing_that_was_built():
    with tarfile.open(one("*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"CMakeLists.txt", "pyproject.toml", "LICENSE", "README.md", "capi/komhen.h", "python/CMakeLists.txt"} <= names
    # What its own tests and its quickstart name.
    assert {".ci/setup.sh", "examples/quickstart.sh", "tests/oracle/count_driver.cpp", "tests/oracle/differential.py"} <= names
    assert {f"src/{path.name}" for path in (ROOT / "src").glob("*.cpp")} <= names
    assert not [name for name in names if name.startswith(("build", ".git/", "out")) or name.endswith((".so", ".pyc", ".o", ".whl"))]


def test_what_is_tested_is_what_was_installed():
    one("*.whl")
    if Path(sys.prefix) != ROOT / "build" / "venv":
        pytest.skip("another environment than build/venv")
    assert Path(sys.prefix) in Path(komhen.__file__).parents
    assert ROOT / "python" not in Path(komhen.__file__).parents
    assert distribution("komhen").version == komhen.__version__
    for name in ("scikit_build_core", "pybind11"):  # what builds it is not there
        run = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, text=True)
        assert "ModuleNotFoundError" in run.stderr


def test_the_doctor_prints_versions_build_and_encodings():
    said = dict(line.split("  ", 1) for line in done("doctor").splitlines()[2:])
    said = {what.strip(): value.strip() for what, value in said.items()}
    assert said["komhen"] == komhen.__version__ and said["method edition"] == komhen.METHOD_EDITION
    assert said["C ABI"] == str(_core.C_ABI) == re.search(r"#define KOMHEN_ABI (\d+)", (ROOT / "capi/komhen.h").read_text())[1]
    assert re.match(r"(GNU|Clang) \d+\.\d+\.\d+ Release$", said["build"]) and said["compiler flags"].startswith("-O2")
    assert re.match(r"3\.\d+\.\d+$", said["SQLite"]) and said["Python"].split()[1].startswith("3.")
    for name in ("standard output", "standard error", "file names", "locale", "locale's encoding"):
        assert said[name]


def test_the_doctor_names_encodings_as_they_are():
    said = cli("doctor", "--format", "json", env={"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert said.returncode == 0 and b'"iso8859-1"' in said.stdout or b'"latin-1"' in said.stdout


def test_the_doctor_finds_what_is_installed_and_names_no_path():
    found = diagnosis()["optional packages found"]
    for name in OPTIONAL:
        try:
            __import__(name)
        except ImportError:
            assert not re.search(rf"\b{name} ", found)
        else:
            assert re.search(rf"\b{name} \d", found), (name, found)
    assert not re.search(r"(^|[ =])/\w", " ".join(diagnosis().values()))


SLOW = {  # each of these takes longer to load than what it would be loaded for
    "argparse", "ast", "contextlib", "csv", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools",
    "importlib.metadata", "importlib.resources", "inspect", "json", "pathlib", "re", "shutil", "tempfile", "typing",
}
COUNTING = (
    "cube = komhen.count(sys.argv[1], round='2012-spring'); where = {'channel': ['telephone', 'letter'], 'municipality': 657}; "
    "print(komhen.mix(cube, by=['task', 'channel'], where={'direction': 'incoming'}).to_csv(), file=sys.stderr); "
    "print(komhen.contacts(cube, by='week', where=where).heading, file=sys.stderr)"
)
FILE = """municipality;date;kle;channel;type;direction
657;2012-04-23;23.05.10;telephone;new_case;incoming
"""


@pytest.mark.parametrize("then", ["pass", COUNTING], ids=["importing", "counting_and_measuring"])
def test_komhen_loads_the_standard_library_alone_and_little_of_it_until_more_is_asked_for(tmp_path, then):
    file = tmp_path / "week.csv"
    file.write_text(FILE)
    code = f"import sys; before = set(sys.modules); import komhen; {then}; print(*sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-I", "-c", code, file], capture_output=True, text=True, check=True)
    new = {name for name in run.stdout.split() if name.partition(".")[0] != "komhen"}
    assert new and not {name for name in new if name.partition(".")[0] not in sys.stdlib_module_names}
    assert not new & SLOW
    assert len(new) <= 12, new  # collections.abc, and what it brings


def test_a_room_that_is_loaded_later_is_there_by_name_in_dir_and_by_pickle():
    assert set(komhen.__all__) <= set(dir(komhen))
    assert {"journal", "rejects", "taxonomy"} <= set(dir(komhen))
    code = (
        "import komhen, pickle; assert komhen.taxonomy.Word and komhen.journal.Check and komhen.rejects.kept; "
        "from komhen import Channel, TASKS; again = pickle.loads(pickle.dumps([Channel.SMS, TASKS[0]])); "
        "assert again == [komhen.Channel.SMS, komhen.TASKS[0]] and again[0] is Channel.SMS; "
        "assert all(getattr(komhen, name) is not None for name in komhen.__all__); print(Channel.__module__)"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "komhen.taxonomy\n"
