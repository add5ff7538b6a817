"""The set-up on machines that lack something: it goes on where it can, and says what helps where it cannot."""

import fcntl
import subprocess
import sys
import threading

import pytest

from dev.checks import tests
from dev.setup import __main__ as setup
from dev.setup import clean, odoo_source
from dev.setup.console import Problem
from dev.setup.locks import locked
from dev.setup.paths import addons_path, odoo_home


@pytest.fixture
def machine(monkeypatch):
    """Return a function that describes the machine, and what was installed on it."""

    def describe(programs=(), packages=None, user=1000):
        installed = []
        monkeypatch.setattr(setup.shutil, "which", lambda name: name if name in programs else None)
        monkeypatch.setattr(setup.os, "geteuid", lambda: user)
        monkeypatch.setattr(setup, "_has_debian_package", lambda name: None if packages is None else name in packages)
        monkeypatch.setattr(setup, "run_logged", lambda command, *_args, **_kwargs: installed.append(command[-1]))
        return installed

    return describe


@pytest.mark.parametrize(
    ("programs", "packages", "user", "installed", "text"),
    [
        (["wkhtmltopdf"], None, 1000, [], ""),
        (["apt-get"], ["wkhtmltopdf"], 0, ["wkhtmltopdf"], ""),
        (["apt-get"], ["wkhtmltopdf"], 1000, [], "sudo apt-get install --no-install-recommends wkhtmltopdf"),
        (["apt-get"], [], 0, [], "wkhtmltopdf.org"),  # as on Debian 13: apt is not even asked
        ([], None, 1000, [], "wkhtmltopdf.org"),  # no apt
    ],
)
def test_letters_are_no_condition(machine, capsys, programs, packages, user, installed, text):
    found = machine(programs, packages, user)
    setup.ensure_wkhtmltopdf()
    out = capsys.readouterr().out
    assert (found, text in out, "sudo" in out) == (installed, True, "sudo" in text)


def test_a_machine_without_apt_is_not_told_to_use_it(machine):
    machine([])
    with pytest.raises(Problem) as problem:
        setup.ensure_browser()
    assert "apt-get" not in str(problem.value)


@pytest.mark.parametrize("version", [(3, 9, 0), (3, 14, 0)])
def test_other_versions_of_python_are_refused_at_once(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(Problem, match="3.10 to 3.13"):
        setup.main()


@pytest.mark.parametrize(
    ("lists", "text"),
    [("http://archive.ubuntu.com Ubuntu Ubuntu main\n", "set ODOO_HOME"), ("", "apt-get update")],
)
def test_what_helps_where_there_is_no_debian(monkeypatch, lists, text):
    monkeypatch.delenv("DEBIAN_MIRROR", raising=False)
    monkeypatch.setattr(odoo_source.shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "check_output", lambda *_args, **_kwargs: lists)
    with pytest.raises(Problem, match=text):
        odoo_source._mirror()


@pytest.mark.parametrize(
    ("version", "text"),
    [("(18, 0, 0, FINAL, 0, '')", "18.0; give"), ("('saas~19', 1, 0, FINAL, 0, '')", "saas~19.1; give")],
)
def test_another_odoo_is_refused_at_once(monkeypatch, tmp_path, version, text):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Problem, match=text):
        odoo_home()


def test_a_checkout_without_add_ons_is_refused(monkeypatch, tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Problem, match="whole checkout"):
        addons_path()


def test_who_waits_for_a_lock_is_told(tmp_path, capsys, monkeypatch):
    path, asked = tmp_path / "some.lock", []
    flock = fcntl.flock

    def lock(file, kind):
        asked.append(kind)
        if kind & fcntl.LOCK_NB:
            raise BlockingIOError
        flock(file, kind)

    monkeypatch.setattr(fcntl, "flock", lock)
    with locked(path):
        assert "Waiting for another make in this checkout (some.lock)" in capsys.readouterr().err
    assert asked == [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX]


def test_threads_of_one_make_wait_for_each_other_without_a_word(tmp_path, capsys):
    path, done = tmp_path / "some.lock", []

    def second():
        with locked(path):
            done.append("second")

    with locked(path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.05)
        done.append("first")
    thread.join()
    assert (done, capsys.readouterr().err) == (["first", "second"], "")


def test_the_warnings_of_all_rounds_are_shown():
    tests._refuse_warnings({})
    with pytest.raises(Problem) as problem:
        tests._refuse_warnings({"first.log": ["one", "two"], "second.log": ["three"]})
    assert [text in str(problem.value) for text in ("one\ntwo\nthree", "3 warning(s)", "first.log, second.log")] == [
        True
    ] * 3


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """Have `make clean` work on a folder of the test; return that folder."""
    monkeypatch.delenv("PGHOST", raising=False)
    for name, folder in (("DEV", "."), ("POSTGRES", "postgres"), ("DATA", "data"), ("MAILS", "mails"), ("LOG", "log")):
        monkeypatch.setattr(clean, name, tmp_path / folder)
    for folder in ("postgres/data", "data/filestore", "log", "odoo", "venv"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "postgres/data/postmaster.pid").write_text("99999999\n")  # of a server that was killed
    (tmp_path / "ar_template_1_2.lock").touch()
    return tmp_path


def test_clean_removes_databases_and_leaves_what_was_downloaded(checkout):
    with locked(checkout / "postgres.users", shared=True), pytest.raises(Problem, match="stop it first"):
        clean.main()
    assert clean.main() == 0
    assert {path.name for path in checkout.iterdir()} == {"odoo", "venv", "postgres.users"}


def test_clean_says_what_it_could_not_remove(checkout, monkeypatch):
    monkeypatch.setattr(clean, "_is_server", lambda _number: True)
    monkeypatch.setattr(clean.os, "kill", _refuse)  # the server of another user
    with pytest.raises(Problem, match="belongs to, or as root"):
        clean.main()
    monkeypatch.setattr(clean, "_is_server", lambda _number: False)
    (checkout / "mails").symlink_to(checkout / "venv")  # which stays, as what belongs to another user
    with pytest.raises(Problem, match="mails cannot be removed"):
        clean.main()


def _refuse(*_args):
    raise PermissionError(1, "Operation not permitted")


def test_clean_drops_the_databases_of_the_checkout_on_another_server(checkout, monkeypatch):
    commands = []
    monkeypatch.setattr(clean, "run_logged", lambda command, *_args, **_kwargs: commands.append(command[1:]))
    monkeypatch.setenv("PGHOST", "db.example.com")
    (checkout / "data/filestore/ar_demo_1").mkdir()
    clean.main()
    assert commands == [["-m", "dev.setup.drop", "ar_demo_1"]]
