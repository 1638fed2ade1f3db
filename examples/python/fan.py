"""A fan that turns on when somebody faces it: the further away they are, the faster."""

from __future__ import annotations

from pins import output
from running import believed, now, options, running, say

from mlsensor.behavior import Attention, Outcome, Tracker

# On: faced for 0.6 s by the same person. Off: not faced for 2 s; or blind for 1 s, for safety.
tracker, attention = Tracker(), Attention(hold=0.6, release=2.0, stale_after=1.0)


def speed_percent() -> int:
    """0 is off; the further away who has the fan's attention, the faster."""
    look = attention.look
    return 0 if look is None else max(30, min(100, round(1000 * (look.distance_m or 9)) // 25))


def main() -> None:
    args = options(__doc__, "fan").parse_args()
    fan = output("PWMOutputDevice", args.gpio)
    with running(args.source, "walk_up", None, fan) as sensor:
        for update in sensor.updates():
            tracker.update(update.at, believed(update))  # None is no reading, which is not nobody
            if attention.update(update.at, tracker):
                attention.update(update.at, tracker)  # where one look ends, the next may begin at once
            was_on, fan.value = fan.value > 0, speed_percent() / 100
            if fan.value and not was_on:
                say(update.at, "fan on", f"faced for 0.6 s: speed {speed_percent()} %")
            elif was_on and not fan.value:
                blind = "no reading for 1 s" if update.faces is None else "the same faces for 10 s"
                why = blind if attention.outcome is Outcome.UNKNOWN else "not faced for 2 s"
                say(update.at, "fan off", f"{why}: speed 0 %")
        if fan.value:
            say(now(sensor), "fan off", "the end")


if __name__ == "__main__":
    main()
