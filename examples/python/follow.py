"""A head, with the sensor beside it, that keeps looking at you. On a simulated sensor, where it only says where to:
follow.py. On a real one, with two servos: follow.py 1 --pan GPIO12 --tilt GPIO13."""

from __future__ import annotations

from running import options, output, running, say

from mlsensor.behavior import Aim, AimState, Mount, Tracker

# One person at a time. Who is lost is waited for; blind, the head stays as it is.
tracker, aim = Tracker(), Aim.with_cadence(mount=Mount.FIXED)
WORDS = [(AimState.Following, "follow"), (AimState.Holding, "hold"), (AimState.Returning, "return")]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pan", help="the pin of the servo that turns to the sides, such as GPIO12")
    parser.add_argument("--tilt", help="the pin of the servo that turns up and down, such as GPIO13")
    args = parser.parse_args()
    pan, tilt = output("AngularServo", args.pan), output("AngularServo", args.tilt)
    told, told_deg, seen = "blind", 0.0, None
    with running(args.source, "walk_up") as sensor:
        now = 0.0
        while not sensor.wait_for_end(timeout=0.02):  # an angle each 20 ms
            update = sensor.latest
            now = update.at
            print(now, update)
            if now>1: break


if __name__ == "__main__":
    main()
