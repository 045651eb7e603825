# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from imgdupe.control import RunControl
from imgdupe.errors import UserError
from imgdupe.gui.jobs import Crashed, Done, Failed, JobResult, Jobs, Stopped
from imgdupe.progress import Counters


def _result_of(qtbot: QtBot, jobs: Jobs, work: Any) -> JobResult[Any]:
    results: list[JobResult[Any]] = []
    jobs.start("test", work, results.append)
    qtbot.waitUntil(lambda: bool(results))
    return results[0]


def test_a_value_comes_home(qtbot: QtBot, jobs: Jobs) -> None:
    assert _result_of(qtbot, jobs, lambda control, counters: 42) == Done(42)
    assert not jobs.busy


def test_done_runs_on_the_main_thread_and_work_does_not(qtbot: QtBot, jobs: Jobs) -> None:
    threads: dict[str, threading.Thread] = {}

    def work(control: RunControl, counters: Counters) -> None:
        threads["work"] = threading.current_thread()

    def done(result: JobResult[None]) -> None:
        threads["done"] = threading.current_thread()

    jobs.start("test", work, done)
    qtbot.waitUntil(lambda: "done" in threads)
    assert threads["done"] is threading.main_thread()
    assert threads["work"] is not threading.main_thread()


def test_a_cancelled_job_is_stopped_even_while_paused(qtbot: QtBot, jobs: Jobs) -> None:
    results: list[JobResult[None]] = []
    started = threading.Event()

    def work(control: RunControl, counters: Counters) -> None:
        control.pause()
        started.set()
        while True:
            control.checkpoint()

    job = jobs.start("test", work, results.append)
    started.wait()
    assert job.running
    job.cancel()
    qtbot.waitUntil(lambda: bool(results))
    assert results == [Stopped()]
    assert not job.running


def test_the_environment_at_fault_is_told(qtbot: QtBot, jobs: Jobs) -> None:
    def work(control: RunControl, counters: Counters) -> None:
        raise UserError("The disk is full. Make room.")

    result = _result_of(qtbot, jobs, work)
    assert isinstance(result, Failed)
    assert str(result.error) == "The disk is full. Make room."


@pytest.mark.expects_logs
def test_a_bug_is_reported_with_its_traceback(qtbot: QtBot, jobs: Jobs) -> None:
    with qtbot.waitSignal(jobs.crashed) as crashed:
        result = _result_of(qtbot, jobs, lambda control, counters: 1 // 0)
    assert isinstance(result, Crashed)
    assert "ZeroDivisionError" in result.text
    assert crashed.args == [result.text]


def test_progress_is_read_while_it_runs(qtbot: QtBot, jobs: Jobs) -> None:
    go, go_on = threading.Event(), threading.Event()
    results: list[JobResult[None]] = []

    def work(control: RunControl, counters: Counters) -> None:
        counters.bump("found", 7)
        go.set()
        go_on.wait()

    job = jobs.start("test", work, results.append)
    go.wait()
    assert job.progress().found == 7
    go_on.set()
    qtbot.waitUntil(lambda: bool(results))


def test_shutdown_cancels_and_nothing_is_called_afterwards(qtbot: QtBot) -> None:
    jobs = Jobs()
    results: list[JobResult[None]] = []

    def work(control: RunControl, counters: Counters) -> None:
        while True:
            control.checkpoint()

    jobs.start("test", work, results.append)
    assert jobs.shutdown()
    late = jobs.start("late", lambda *_: None, results.append)
    qtbot.wait(20)
    assert results == []
    assert isinstance(late.result, Stopped)


@pytest.mark.expects_logs
def test_shutdown_does_not_wait_for_ever(qtbot: QtBot) -> None:
    jobs = Jobs()
    go_on = threading.Event()
    jobs.start("deaf", lambda *_: go_on.wait(), lambda result: None)
    assert not jobs.shutdown(timeout_s=0.05)
    go_on.set()
    assert jobs.shutdown()


def test_many_jobs_at_once_each_come_home_once(qtbot: QtBot, jobs: Jobs) -> None:
    results: list[Any] = []
    for number in range(200):
        jobs.start("test", lambda *_, number=number: number, results.append)
    qtbot.waitUntil(lambda: len(results) == 200)
    assert sorted(result.value for result in results) == list(range(200))


def test_a_long_life_of_signals_does_not_kill_the_process(qtbot: QtBot) -> None:
    """PySide6 6.12 on Python 3.11 lost a reference to `True` with every emit and died at ~600."""

    class Sender(QObject):
        sent = Signal(int)

    sender = Sender()
    received: list[int] = []
    sender.sent.connect(received.append)
    for number in range(5000):
        sender.sent.emit(number)
    assert len(received) == 5000
