# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The jobs: scanning, relating, searching, with their threads and child processes."""
