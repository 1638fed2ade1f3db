"""A light that listens only while you look at it: look, and type on, off, or Enter to toggle. On a simulated sensor,
where the words are said for you: light_switch.py. On a real one: light_switch.py 1 --gpio GPIO17."""

from __future__ import annotations

import sys
import threading
from collections import deque

from running import options, output, running, say

from mlsensor.behavior import Attention, Outcome, Tracker

# A word counts while somebody has looked for 0.6 s, until they look away for 2 s. Blind, no word does.
tracker, attention = Tracker(), Attention()
WHY_NOT = {Outcome.ABSENT: "nobody looks at it", Outcome.UNKNOWN: "it cannot tell who looks at it"}
DEMO = [(2.0, "on"), (9.0, "off"), (13.0, "off"), (23.0, "on"), (28.0, "on")]


def main() -> None:
    args = options(__doc__, "light").parse_args()
    light = output("LED", args.gpio)
    words = deque(DEMO if args.source is None else [])
    if args.source:
        listen = threading.Thread(target=lambda: words.extend((0.0, line) for line in sys.stdin), daemon=True)
        listen.start()
    with running(args.source, "turn_away", None, light) as sensor:
        for update in sensor.updates():
            tracker.update(update.at, update.faces)
            attention.update(update.at, tracker)
            while words and words[0][0] <= update.at:
                word = words.popleft()[1].strip().lower() or "enter"
                wanted = {"on": 1, "off": 0, "enter": 1 - light.value}.get(word)
                why_not = "no word it knows" if wanted is None else WHY_NOT.get(attention.outcome)
                light.value = light.value if why_not else wanted
                event = "ignored" if why_not else "on" if wanted else "off"
                say(update.at, event, f"{why_not or 'somebody looks at it'}: word {word}")


if __name__ == "__main__":
    main()
