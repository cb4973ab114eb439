"""Durable named files in a folder. On LittleFS each call is one commit: closing a file, or renaming it over another."""

from __future__ import annotations

import errno
import os


class FileStorage:
    """`resources` is a folder of files that came with the firmware: read by name like the others, never written.

    What is named `mark/...` is in a folder of its own, whose data LittleFS keeps apart from that of the others.
    """

    def __init__(self, folder: str, resources: str, journal_size: int) -> None:
        self.journal_size = journal_size
        self._folder = folder
        self._resources = resources
        self._shipped = os.listdir(resources)
        if "mark" not in os.listdir(folder):
            os.mkdir(folder + "/mark")
        self._open_name = ""  # the file of the last `read_at` stays open: fonts are read piece by piece
        self._open_file = None

    def read(self, name: str) -> bytes | None:
        try:
            file = open(self._path(name), "rb")
        except OSError as error:
            if error.errno == errno.ENOENT:
                return None
            raise
        try:
            return file.read()
        finally:
            file.close()

    def replace(self, name: str, content: bytes) -> None:
        new = self._path(name) + ".new"
        self._write(new, "wb", content)
        self._close_read(name)
        os.rename(new, self._path(name))

    def append(self, name: str, record: bytes) -> None:
        self._close_read(name)
        self._write(self._path(name), "ab", record)

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        file = self._open_file
        if file is None or name != self._open_name:
            self._close_read(self._open_name)
            file = self._open_file = open(self._path(name), "rb")
            self._open_name = name
        file.seek(offset)
        return file.readinto(buffer)

    def names(self) -> list[str]:
        return os.listdir(self._folder)

    def remove(self, name: str) -> None:
        self._close_read(name)
        os.remove(self._path(name))

    def _close_read(self, name: str) -> None:
        if name == self._open_name and self._open_file is not None:
            self._open_file.close()
            self._open_name, self._open_file = "", None

    def _write(self, path: str, mode: str, content: bytes) -> None:
        file = open(path, mode)
        try:
            file.write(content)
        finally:
            file.close()

    def _path(self, name: str) -> str:
        return (self._resources if name in self._shipped else self._folder) + "/" + name
