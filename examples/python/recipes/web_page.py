import json
from http.server import BaseHTTPRequestHandler, HTTPServer

from mlsensor import PersonSensor

sensor = PersonSensor()


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        faces = sensor.latest.faces
        if self.path == "/picture.svg":
            kind, body = "image/svg+xml", "" if faces is None else faces._repr_svg_()
        else:
            kind = "application/json"
            body = json.dumps(None if faces is None else faces.as_dict())
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())


with sensor, HTTPServer(("127.0.0.1", 8080), Page) as server:
    server.serve_forever()
