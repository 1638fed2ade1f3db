"""Greets people by name: the sensor knows them by an id, and this program the name of each id. On a simulated sensor:
who_is_it.py. On a real one: who_is_it.py 1 --names names.txt --enrol Ada, and then without --enrol."""

from __future__ import annotations

from pathlib import Path

from running import options, running, say

from mlsensor import Config
from mlsensor.behavior import Tracker

AWAY = 5.0  # who was away for so long is greeted again


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--names", type=Path, help="a file of names, a line each: the id and the name")
    parser.add_argument("--enrol", metavar="NAME", help="first make the sensor know who is in front of it")
    args = parser.parse_args()
    lines = args.names.read_text().splitlines() if args.names and args.names.exists() else []
    names = {int(line.split()[0]): line.split(maxsplit=1)[1] for line in lines}
    tracker, seen = Tracker.with_recognition(), {}
    with running(args.source, "label_and_return", Config(id_enabled=True)) as sensor:
        if args.enrol:
            person = sensor.enroll(next(id for id in range(8) if names.get(id, args.enrol) == args.enrol)).id
            names[person] = args.enrol
            say(sensor.now(), "enrolled", f"{args.enrol}: id {person}")
            if args.names:
                args.names.write_text("".join(f"{id} {name}\n" for id, name in sorted(names.items())))
        for update in sensor.updates():
            tracker.update(update.at, update.faces)
            for track in tracker.tracks:
                # Who faces it for 3 s and is still not known is a stranger; strangers are all the same.
                if track.identity is not None or (track.is_facing and track.age(update.at) >= 3.0):
                    if update.at - seen.get(track.identity, -AWAY) >= AWAY:
                        name = names.get(track.identity, f"id {track.identity}")
                        say(update.at, *(("stranger",) if track.identity is None else ("hello", name)))
                    seen[track.identity] = update.at
