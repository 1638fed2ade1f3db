"""A head, on which the sensor sits, that keeps looking at you. On a simulated sensor, where it only says where to:
follow.py. On a real one, with two servos: follow.py 1 --pan GPIO12 --tilt GPIO13."""

from __future__ import annotations

from running import options, output, running, say

from mlsensor.behavior import Aim, AimState, Tracker

WORDS = {AimState.Following: "follow", AimState.Holding: "hold", AimState.Returning: "return", AimState.Blind: "blind"}
tracker, aim = Tracker(), Aim.with_cadence()


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pan", help="the pin of the servo that turns to the sides")
    parser.add_argument("--tilt", help="the pin of the servo that turns up and down")
    args = parser.parse_args()
    pan, tilt = output("AngularServo", args.pan), output("AngularServo", args.tilt)
    told = ("blind", 0.0)
    with running(args.source, "walk_up", None) as sensor:
        while (update := sensor.next(sensor.now() + 0.02)) or not sensor.has_ended:  # an angle each 20 ms
            angles = aim.update(sensor.now(), tracker)
