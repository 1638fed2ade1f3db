"""Locks the screen when nobody is in front of it, and warns first."""

from __future__ import annotations

from commands import Commands
from running import options, running, say

from mlsensor.behavior import Gate, Outcome, Presence

# Who is seen no more for 15 s is locked out, and warned 5 s before. Blind, it locks nothing.
presence = Presence(leave_after=15.0, gate=Gate(min_width=13))  # a face at 1.5 m
second = Presence(arrive_after=1.0)  # who looks at it besides the first


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--shoulder", action="store_true", help="say when a second person looks at it")
    commands = Commands(parser, lock="loginctl lock-session $XDG_SESSION_ID", warn=None, shoulder=None)
    is_warned = locks = False  # it locks once, and again only after somebody was here, or if that failed
    with running(commands.args.source, "desk") as sensor:
        for update in sensor.updates():
            event, outcome = presence.update(update.at, update.faces), presence.outcome
            other = second.update(update.at, None if update.faces is None else update.faces.facing[1:])
            if commands.args.shoulder and other and other.outcome is Outcome.PRESENT:
                commands.run(update.at, "shoulder", "a second person looks at it")
            locks, away = locks or outcome is Outcome.PRESENT, update.at - (presence.last_seen or 0.0)
            again = commands.failed_before("lock", update.at, 15.0) and not locks
            if event and outcome is Outcome.UNKNOWN:
                say(update.at, "blind", "it sees nothing, so it locks nothing")
            elif outcome is Outcome.ABSENT and (again or (event and locks)):
                is_warned = locks = False
                commands.run(update.at, "lock", "the last try failed" if again else "nobody is here")
            elif update.faces is not None and locks and is_warned != (away >= 10.0):
                is_warned, back = not is_warned, ("back", "somebody is seen again")
                commands.run(update.at, *(("warn", "nobody is seen") if is_warned else back))
        commands.finish(sensor)


if __name__ == "__main__":
    main()
