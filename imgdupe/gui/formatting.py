# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Counts, sizes, durations, dates and paths in words, translated.

Main thread (it asks the translator), no state. English has no plural file, so each count spells
its singular out; the other languages use their plural forms.
"""

from __future__ import annotations

import os
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

translate = QCoreApplication.translate


def number(value: int) -> str:
    """31204 -> "31,204" in the user's locale."""
    return QLocale().toString(value)


def photos(n: int) -> str:
    """Such as "1 photo", "31,204 photos"."""
    return _count(n, translate("count", "1 photo"), translate("count", "%n photos", None, n))


def groups(n: int) -> str:
    """Such as "1 group", "1,204 groups"."""
    return _count(n, translate("count", "1 group"), translate("count", "%n groups", None, n))


def folders(n: int) -> str:
    """Such as "1 folder", "3 folders"."""
    return _count(n, translate("count", "1 folder"), translate("count", "%n folders", None, n))


def files(n: int) -> str:
    """Such as "1 file", "12 files"."""
    return _count(n, translate("count", "1 file"), translate("count", "%n files", None, n))


def problems(n: int) -> str:
    """Files that gave no result."""
    one, many = translate("count", "1 problem"), translate("count", "%n problems", None, n)
    return _count(n, one, many)


def _count(n: int, one: str, many: str) -> str:
    # Qt puts the bare digits in for %n; people read them grouped.
    return one if n == 1 else many.replace(str(n), number(n), 1)


def size(value: int) -> str:
    """Bytes in the decimal units that file managers use, three digits: "1.94 GB"."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    amount, unit = float(value), 0
    while amount >= 999.5 and unit < len(units) - 1:
        amount, unit = amount / 1000, unit + 1
    if unit == 0:
        return f"{number(value)} {units[0]}"
    digits = 2 if amount < 9.995 else 1 if amount < 99.95 else 0
    return f"{QLocale().toString(amount, 'f', digits)} {units[unit]}"


def duration(seconds: float) -> str:
    """Such as "8 s", "2 min 16 s", "1 h 05 min"; never more than two units."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return translate("duration", "{0} s").format(whole)
    if whole < 3600:
        return translate("duration", "{0} min {1} s").format(whole // 60, whole % 60)
    minutes = round(whole / 60)
    return translate("duration", "{0} h {1:02d} min").format(minutes // 60, minutes % 60)


def megapixels(width: int, height: int) -> str:
    """Such as "24.0 MP"; small pictures by their sides."""
    pixels = width * height / 1e6
    if pixels < 1:
        return f"{width} × {height}"
    return f"{QLocale().toString(pixels, 'f', 1)} MP"


def percent(share: float) -> str:
    """0.987 -> "98 %": rounded down, so that only the certain is 100 %."""
    return f"{int(share * 100 + 1e-9)} %"


def path(value: bytes) -> str:
    """A path for reading; bytes that are no UTF-8 show as the replacement character."""
    return value.decode("utf-8", "replace") if os.sep == "/" else os.fsdecode(value)


def home_path(value: bytes) -> str:
    """The same with the home folder as "~"."""
    home = os.fsencode(os.path.expanduser("~"))
    if value == home or value.startswith(home + os.sep.encode()):
        return "~" + path(value[len(home) :])
    return path(value)


def moment(stamp: float) -> str:
    """A time stamp (seconds since the epoch) as the locale's date and the time to the minute."""
    when = datetime.fromtimestamp(stamp).astimezone()
    return when.strftime("%Y-%m-%d %H:%M")
