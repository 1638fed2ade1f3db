import json
from http.server import BaseHTTPRequestHandler, HTTPServer

from mlsensor import PersonSensor


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        faces = sensor.latest.faces  # None: nothing is known, which is not nobody
        if self.path == "/picture.svg" and faces is not None:
            kind, body = "image/svg+xml", faces._repr_svg_()
        else:
            kind, body = "application/json", json.dumps(None if faces is None else faces.as_dict())
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())


with PersonSensor() as sensor, HTTPServer(("127.0.0.1", 8080), Page) as server:
    sensor.wait_for_person(timeout=1)  # readings begin, in the background
    print("http://127.0.0.1:8080/", flush=True)
    server.serve_forever()
