"""A file is there whole under its name, or not at all."""

import pytest

from engine import files


def broken(*_):
    raise OSError("disk full")


def chunks_that_stop():
    yield b"one"
    raise RuntimeError


def test_a_whole_file_or_the_one_before(tmp_path):
    target = tmp_path / "file.txt"
    target.write_bytes(b"before")
    with pytest.raises(RuntimeError):
        files.write_whole(target, chunks_that_stop())
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
    files.write_whole(target, [b"af", b"ter"])
    assert target.read_bytes() == b"after"


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch, step):
    monkeypatch.setattr(files.os, step, broken)
    with pytest.raises(OSError, match="disk full"):
        files.write_whole(tmp_path / "file.txt", [b"%PDF"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_placet_is_read_by_placet_alone(tmp_path):
    made = files.private_folder(tmp_path / "pieces")
    assert made.stat().st_mode & 0o077 == 0
    assert files.private_folder(made) == made
