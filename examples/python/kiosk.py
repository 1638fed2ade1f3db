"""Wakes a display when somebody sits down, says whose settings to load, lets it sleep later."""

from __future__ import annotations

from commands import Commands
from running import now, options, running
from seat import Seat

from mlsensor import Config
from mlsensor.behavior import Gate, Outcome, Presence

near = Gate(min_width=13)  # a face at 1.5 m. Who passes by does not sit down; blind, nothing changes.
presence = Presence.with_recognition(arrive_after=1.5, leave_after=20.0, gate=near)
seat = Seat(near)
DOES = {Outcome.PRESENT: ("wake", "somebody sits down"), Outcome.ABSENT: ("sleep", "nobody sits here")}


def main() -> None:
    commands = Commands(options(__doc__), wake="xset dpms force on", sleep="xset dpms force off", person=None)
    is_awake = True
    with running(commands.args.source, "desk", Config(id_enabled=True)) as sensor:
        try:
            for update in sensor.updates():
                commands.look(update.at)
                seat.update(update.at, update.faces)
                event = presence.update(update.at, update.faces)
                if event and event.outcome is (Outcome.ABSENT if is_awake else Outcome.PRESENT):
                    is_awake = not is_awake
                    commands.run(update.at, *DOES[event.outcome])
                    seat.leave()
                if presence.outcome is Outcome.PRESENT and seat.is_taken_anew():
                    commands.run(update.at, "person", f"settings of {seat}", MLSENSOR_ID=str(seat.who))
        finally:
            if not is_awake:
                commands.run(now(sensor), "wake", "the end")
        commands.finish(sensor)


if __name__ == "__main__":
    main()
