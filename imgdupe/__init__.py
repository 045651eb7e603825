# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""imgdupe finds every copy of every picture and removes what the photographer decides, safely."""

__version__ = "0.1.0"
