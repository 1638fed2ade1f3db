"""Greets people by name: the sensor knows them by an id, and this program the name of each."""

from __future__ import annotations

from pathlib import Path

from running import now, options, running, say

from mlsensor import Config
from mlsensor.behavior import Tracker

tracker = Tracker.with_recognition()
seen: dict[object, float] = {}  # when each id was seen last; None is a stranger


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--names", type=Path, default=Path("/dev/null"), help="lines of an id and a name")
    parser.add_argument("--enrol", metavar="NAME", help="first make the sensor know who is in front of it")
    args = parser.parse_args()
    lines = args.names.read_text().splitlines() if args.names.exists() else []
    names = {int(line.split()[0]): line.split(maxsplit=1)[1] for line in lines if line.strip()}
    with running(args.source, "label_and_return", Config(id_enabled=True)) as sensor:
        if args.enrol:
            free = next(id for id in range(8) if names.get(id, args.enrol) == args.enrol)
            names[sensor.enroll(free).id] = args.enrol
            say(now(sensor), "enrolled", args.enrol)
            args.names.write_text("".join(f"{id} {name}\n" for id, name in sorted(names.items())))
        for update in sensor.updates():
            tracker.update(update.at, update.faces)
            for who in tracker.tracks:  # not known yet, who has faced it for 3 s is a stranger
                if who.identity is not None or (who.is_facing and who.age(update.at) >= 3.0):
                    last, seen[who.identity] = seen.get(who.identity, -9.0), update.at
                    if update.at - last >= 5.0:  # once, and again after 5 s away
                        name = "" if who.identity is None else names.get(who.identity, f"id {who.identity}")
                        say(update.at, "hello" if name else "stranger", name)


if __name__ == "__main__":
    main()
