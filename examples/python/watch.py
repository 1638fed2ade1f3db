"""Shows what the sensor reports, a line each time it is news; with --json for programs."""

from __future__ import annotations

import json

from running import options, put, running, say


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--json", action="store_true", help="an object a line")
    args = parser.parse_args()
    last = None
    with running(args.source, "walk_up", tells_end=not args.json) as sensor:
        for update in sensor.updates():
            # No reading is not nobody: what is shown then is what went wrong.
            report = update.faces if update.error is None else update.error.what
            if report == last:
                continue
            last = report
            if args.json:
                faces = None if update.faces is None else [face.as_dict() for face in update.faces]
                put(json.dumps({"at": update.at, "state": update.state.value, "faces": faces}))
            else:
                say(update.at, "report", str(report))


if __name__ == "__main__":
    main()
