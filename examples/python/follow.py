"""A head that keeps looking at you; the sensor stands beside it."""

from __future__ import annotations

from pins import output
from running import believed, now, options, running, say, text

from mlsensor.behavior import Aim, Mount, Servo, Tracker

# One person at a time. Who is lost is waited for; blind, the head stays as it is.
tracker, aim = Tracker(), Aim.with_cadence(mount=Mount.FIXED)
WORDS = {"Following": "follow", "Holding": "hold", "Returning": "return"}
PULSES = {"min_pulse_width": Servo().pulse_us(-90) / 1e6, "max_pulse_width": Servo().pulse_us(90) / 1e6}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pan", type=text, help="the pin of the servo that turns to the sides: GPIO12")
    parser.add_argument("--tilt", type=text, help="the pin of the servo that turns up and down: GPIO13")
    args = parser.parse_args()
    pan, tilt = output("AngularServo", args.pan, **PULSES), output("AngularServo", args.tilt, **PULSES)
    told, told_deg, seen_at = "blind", 0.0, -1.0
    with running(args.source, "walk_up", None, pan, tilt) as sensor:
        while not sensor.wait_for_end(timeout=0.02):  # an angle each 20 ms
            latest = sensor.latest
            if latest.reading is None or latest.at > seen_at:  # no reading, or one that was not seen yet
                seen_at = latest.at
                tracker.update_from(latest.at, aim.view(latest.at), believed(latest))
            angles = aim.update(now(sensor), tracker)
            pan.angle, tilt.angle = angles.pan_deg, angles.tilt_deg
            word = WORDS.get(type(aim.state).__name__, "blind")
            if word != told or abs(angles.pan_deg - told_deg) >= 10.0:
                told, told_deg = word, angles.pan_deg
                say(now(sensor), told, str(angles))


if __name__ == "__main__":
    main()
