"""Locks the screen when nobody is in front of it, and warns first."""

from __future__ import annotations

import subprocess

from running import options, running, say

from mlsensor.behavior import Gate, Outcome, Presence

# Who is seen no more for 15 s is locked out, and warned 5 s before. Blind, it locks nothing.
presence = Presence(leave_after=15.0, gate=Gate(min_width=13))  # a face at 1.5 m
LOCK = "loginctl lock-session"
BACK_OR_WARN = [("back", "somebody is seen again"), ("warn", "nobody is seen")]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--really", action="store_true", help=f"run {LOCK}, instead of only saying so")
    args = parser.parse_args()
    is_warned = locks = False  # it locks once, and again only after somebody was here
    with running(args.source, "desk") as sensor:
        for update in sensor.updates():
            event = presence.update(update.at, update.faces)
            locks = locks or presence.outcome is Outcome.PRESENT
            away = update.at - (presence.last_seen or 0.0)
            if event and event.outcome is Outcome.UNKNOWN:
                say(update.at, "blind", "it sees nothing, so it locks nothing")
            elif event and event.outcome is Outcome.ABSENT and locks:
                is_warned = locks = False
                say(update.at, "lock", "nobody is here" + ("" if args.really else f": would run {LOCK}"))
                if args.really:
                    subprocess.run(LOCK, shell=True, check=False)
            elif update.faces is not None and locks and is_warned != (away >= 10.0):
                is_warned = not is_warned
                say(update.at, *BACK_OR_WARN[is_warned])


if __name__ == "__main__":
    main()
