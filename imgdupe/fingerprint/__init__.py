# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""From a picture to numbers: hashes and the network's embedding."""
