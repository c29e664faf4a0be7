"""What a policy is called in a picture: its number without the list of issuers, or its title, cut to fit."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from advisor.knowledge.model import Policy

# In half-width characters; a Chinese one counts twice. What a phone can show on one line.
_LONGEST: Final = 42
# A joint announcement is numbered once, after the names of all who issued it.
_JOINT: Final = re.compile(r".* .*?(公告\d{4}年第\d+号)")


def policy_label(policy: Policy, lang: str) -> str:
    """The number of a policy, or its title where it has none, on one line."""
    label = policy.number or policy.title[lang]
    joint = _JOINT.fullmatch(label)
    return _cut(joint[1] if joint else label)


def _cut(label: str) -> str:
    left = _LONGEST
    for at, letter in enumerate(label):
        left -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if left < 0:
            return f"{label[: at - 1]}…"
    return label
