"""A light that listens only while you look at it: look, and type on, off, or Enter to toggle."""

from __future__ import annotations

import sys
import threading
from collections import deque

from pins import output
from running import now, options, running, say

from mlsensor.behavior import Outcome

DEMO = [(2.0, "on"), (9.0, "off"), (13.0, "off"), (23.0, "on"), (28.0, "on")]
# A word counts after a look of 0.6 s, until they look away for 2 s: that is `facing`. Blind, no word does.
WHY_NOT = {Outcome.ABSENT: "nobody looks at it", Outcome.UNKNOWN: "it cannot tell who looks at it"}


def main() -> None:
    args = options(__doc__, "light").parse_args()
    light, words = output("LED", args.gpio), deque([] if args.source else DEMO)
    if args.source:  # each line that is typed, when it is
        threading.Thread(target=lambda: words.extend((0.0, line) for line in sys.stdin), daemon=True).start()
    with running(args.source, "turn_away", None, light) as sensor:
        while not sensor.wait_for_end(timeout=0.02):
            while words and words[0][0] <= now(sensor):
                word = words.popleft()[1].strip().lower() or "enter"
                wanted = {"on": 1, "off": 0, "enter": int(not light.value)}.get(word)
                why_not = "no word it knows" if wanted is None else WHY_NOT.get(sensor.facing.outcome)
                light.value = light.value if why_not else wanted
                event = "ignored" if why_not else "on" if wanted else "off"
                say(now(sensor), event, f"{why_not or 'somebody looks at it'}: word {word}")
        if light.value:
            say(now(sensor), "off", "the end")


if __name__ == "__main__":
    main()
