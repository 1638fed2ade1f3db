"""Wakes a display when somebody sits down, says whose settings to load, lets it sleep later."""

from __future__ import annotations

import subprocess

from running import options, running, say

from mlsensor import Config
from mlsensor.behavior import Gate, Outcome, Presence, Tracker

near = Gate(min_width=13)  # a face at 1.5 m. Who passes by does not sit down; blind, nothing changes.
presence = Presence.with_recognition(arrive_after=1.5, leave_after=20.0, gate=near)
tracker = Tracker.with_recognition(gate=near)
COMMANDS = {"wake": "xset dpms force on", "sleep": "xset dpms force off"}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--really", action="store_true", help="run xset, instead of only saying so")
    args = parser.parse_args()
    is_awake, person = True, None
    with running(args.source, "desk", Config(id_enabled=True)) as sensor:
        for update in sensor.updates():
            tracker.update(update.at, update.faces)
            event = presence.update(update.at, update.faces)
            if event and event.outcome is (Outcome.ABSENT if is_awake else Outcome.PRESENT):
                is_awake, person = not is_awake, None
                does, why = ("wake", "somebody sits down") if is_awake else ("sleep", "nobody sits here")
                say(update.at, does, why if args.really else f"{why}: would run {COMMANDS[does]}")
                if args.really:
                    subprocess.run(COMMANDS[does], shell=True, check=False)
            nearest = max(tracker.tracks, key=lambda track: track.bounds.area, default=None)
            if presence.outcome is Outcome.PRESENT and nearest and nearest.identity not in (None, person):
                person = nearest.identity
                say(update.at, "person", f"settings of id {person}")


if __name__ == "__main__":
    main()
