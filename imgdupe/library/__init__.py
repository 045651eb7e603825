# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What lies on disk: walking folders, pairing files into photos, decoding, metadata."""
