"""Waits for two edges of the presence pin by the official Python bindings of libgpiod, found by the line's name."""

import gpiod
from gpiod.line import Edge

with gpiod.Chip("/dev/gpiochip0") as chip:
    offset = chip.line_offset_from_id("GPIO17")
    print("line", offset)
    settings = gpiod.LineSettings(edge_detection=Edge.BOTH)
    with chip.request_lines(consumer="peer", config={offset: settings}) as request:
        seen = 0
        while seen < 2:
            for event in request.read_edge_events():
                print(event.event_type.name, event.line_seqno)
                seen += 1
