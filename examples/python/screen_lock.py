"""Locks the screen when nobody is in front of it, and warns first. On a simulated sensor, where it only says so:
screen_lock.py. On a real one: screen_lock.py 1 --really."""

from __future__ import annotations

import subprocess

from running import options, running, say

from mlsensor.behavior import Gate, Outcome, Presence

# Who was here and is seen no more for 15 s is locked out. No reading is not nobody: blind, it locks nothing.
# At a screen is who is nearer than 1.5 m, where a face is 13 units wide.
presence = Presence(leave_after=15.0, gate=Gate(min_width=13))
LOCK = ["loginctl", "lock-session"]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--really", action="store_true", help=f"run {' '.join(LOCK)}, instead of only saying so")
    args = parser.parse_args()
    is_here = is_warned = False
    with running(args.source, "desk") as sensor:
        for update in sensor.updates():
            event = presence.update(update.at, update.faces)
            if event and event.outcome is Outcome.UNKNOWN:
                say(update.at, "blind", "it sees nothing, so it locks nothing")
            elif event and event.outcome is Outcome.ABSENT and is_here:
                is_here = False  # it locks once, and again only after somebody was here
                say(update.at, "lock", "nobody is here" + ("" if args.really else f": would run {' '.join(LOCK)}"))
                subprocess.run(LOCK if args.really else ["true"], check=False)
            elif update.faces is not None:
                is_here = is_here or presence.outcome is Outcome.PRESENT
                was_warned, is_warned = is_warned, is_here and update.at - (presence.last_seen or 0) >= 10.0
                if is_warned != was_warned and is_here:
                    say(update.at, *(("warn", "nobody is seen") if is_warned else ("back", "somebody is seen again")))


if __name__ == "__main__":
    main()
