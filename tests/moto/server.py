"""CloudWatch Logs for tests: moto's server on a free port of this machine, as strict as the service, with faults on demand.

Needs `pip install 'moto[server]'`, which ./test sees to. It prints its port. Each line on standard input is a fault,
  {"group": NAME, "error": CODE, "status": 400, "times": 3}
for the next calls that write to that group, answered by a line on standard output. When the input ends, so does the server: it never outlives its test.
"""
import json
import os
import sys
import threading

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

LINES_MAX = 10_000
BYTES_MAX = 1_048_576
LINE_EXTRA_BYTES = 26
SPAN_MS_MAX = 24 * 60 * 60 * 1000

faults = {}
lock = threading.Lock()
store = LogsBackend.put_log_events


def refuse(reason):
    raise InvalidParameterException(reason)


def put_log_events(self, log_group_name, log_stream_name, log_events):
    """What moto does not look at: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""
    if not 1 <= len(log_events) <= LINES_MAX:
        refuse(f"{len(log_events)} events in a batch")
    if any(not event["message"] for event in log_events):
        refuse("an empty message")
    size = sum(len(event["message"].encode()) + LINE_EXTRA_BYTES for event in log_events)
    if size > BYTES_MAX:
        refuse(f"Upload too large: {size} bytes")
    times = [event["timestamp"] for event in log_events]
    if times[-1] - times[0] > SPAN_MS_MAX:
        refuse("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
    return store(self, log_group_name, log_stream_name, log_events)


LogsBackend.put_log_events = put_log_events


def faulty(name):
    inner = getattr(LogsResponse, name)

    def method(self):
        with lock:
            fault = faults.get(self._get_param("logGroupName"))
            due = fault is not None and fault["times"] > 0
            if due:
                fault["times"] -= 1
        if due:
            return json.dumps({"__type": fault["error"], "message": "as the test wants it"}), {"status": fault["status"]}
        return inner(self)

    setattr(LogsResponse, name, method)


for name in ("put_log_events", "create_log_stream", "create_log_group"):
    faulty(name)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
for line in sys.stdin:
    fault = json.loads(line)
    with lock:
        faults[fault["group"]] = fault
    print("set", flush=True)
os._exit(0)
