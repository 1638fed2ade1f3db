"""Greets people by name: the sensor knows them by an id, and this program the name of each."""

from __future__ import annotations

from names import Names
from running import options, running, say
from strangers import Strangers

from mlsensor import Config
from mlsensor.behavior import Tracker

tracker, strangers = Tracker.with_recognition(), Strangers()
seen: dict[object, float] = {}  # when each id was seen last; None is a stranger


def main() -> None:
    names = Names(options(__doc__))
    with running(names.args.source, "label_and_return", Config(id_enabled=True)) as sensor:
        if names.args.erase:
            names.erase(sensor)
            return
        if names.args.enrol:
            names.enrol(sensor, names.args.enrol)
        for update in sensor.updates():
            tracker.update(update.at, update.faces)
            unknown = strangers.update(tracker)  # not after they faced it for 3 s
            for who in tracker.tracks:
                if who.identity is not None or who.id in unknown:
                    last, seen[who.identity] = seen.get(who.identity, -9.0), update.at
                    if update.at - last >= 5.0:  # once, and again after 5 s away
                        why = "" if who.identity is None else names.call(who.identity)
                        say(update.at, "hello" if why else "stranger", why)


if __name__ == "__main__":
    main()
