"""Runs the handler of a Python function: asks the Lambda Runtime API for events and answers them as Lambda's own runtime does.

Started as ``python3 -u -B -X utf8 bootstrap.py`` in the directory of the function's code: unbuffered, and without writing into
that directory. Needs only the standard library of Python 3.8 or newer. A handler sees what it sees on Lambda: the module search
path, the context, the root logger with its handler.
"""

import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback
from decimal import Decimal

OWN_FILE = (lambda: None).__code__.co_filename

# Lambda's runtime writes answers with escapes up to Python 3.11, since then in UTF-8.
_, _, MINOR_VERSION = os.environ.get("AWS_EXECUTION_ENV", "").partition("AWS_Lambda_python3.")
ASCII = not MINOR_VERSION.isdigit() or int(MINOR_VERSION) < 12


class Fault(Exception):
    """An error that Lambda's runtime has a name for."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


# ---- The Runtime API


class RuntimeApi:
    """One connection that is kept. No more of HTTP than this API needs: the standard client takes longer than most handlers."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._address = (host.strip("[]"), int(port))
        self._host = b" HTTP/1.1\r\nHost: " + address.encode() + b"\r\n"
        self._next = self._head(b"GET", "invocation/next") + b"\r\n"
        self._socket = None
        self._reader = None

    def next(self):
        """Headers, their names in lower case, and the event's bytes."""
        status, headers, body = self._asked(self._next)
        if status != 200:
            lost("it gives no event, but {} {}".format(status, body.decode("utf-8", "replace")))
        return headers, body

    def post(self, path, body, content_type="application/json", error_type=None):
        head = self._head(b"POST", path) + b"Content-Type: " + content_type.encode() + b"\r\n"
        if error_type is not None:
            # Whoever makes exception classes at run time may give them any name.
            name = "".join(c for c in error_type if c.isprintable())
            head += b"Lambda-Runtime-Function-Error-Type: " + name.encode("utf-8", "replace") + b"\r\n"
        status, _, answer = self._asked(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        # The API has told the caller already that the answer is too large.
        if status not in (202, 413):
            LOG.write("[ERROR] The Runtime API refused what was posted to {}: {} {}".format(
                path, status, answer.decode("utf-8", "replace")), "backslashreplace")

    def _head(self, method, path):
        return method + b" /2018-06-01/runtime/" + path.encode() + self._host

    def _asked(self, request):
        try:
            return self._exchange(request)
        except OSError as e:
            lost(e)

    def _exchange(self, request):
        if self._socket is None:
            # A function may have set another default timeout, and the next event may be hours away.
            self._socket = socket.create_connection(self._address, None)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reader = self._socket.makefile("rb", 64 * 1024)
        self._socket.sendall(request)
        status = 100
        while status < 200:
            parts = self._reader.readline().split(None, 2)
            if len(parts) < 2:
                raise ConnectionError("the Runtime API has closed the connection")
            status = int(parts[1])
            headers = {}
            for line in iter(self._reader.readline, b"\r\n"):
                name, colon, value = line.partition(b":")
                if not colon:
                    raise ConnectionError("the Runtime API's answer breaks off")
                # What isn't ASCII is UTF-8: the client context.
                headers[name.strip().lower().decode("latin-1")] = value.strip().decode("utf-8", "surrogateescape")
        if "transfer-encoding" in headers:
            raise ConnectionError("the Runtime API answers in chunks")
        length = int(headers.get("content-length", 0))
        body = self._reader.read(length)
        if len(body) < length:
            raise ConnectionError("the Runtime API's answer breaks off")
        if headers.get("connection", "").lower() == "close":
            self._reader.close()
            self._socket.close()
            self._socket = None
        return status, headers, body


# ---- JSON, as simplejson writes and reads it in Lambda's runtime

SCALARS = frozenset((str, int, float, bool, type(None)))
encode_plain = json.JSONEncoder(ensure_ascii=ASCII, check_circular=False).encode
encode_string = json.encoder.encode_basestring_ascii if ASCII else json.encoder.encode_basestring
decode_json = json.JSONDecoder().decode


def to_json(value):
    return encode_plain(value) if is_plain(value) else "".join(encoded(value, set()))


def is_plain(value):
    """Whether the standard encoder, which is the fast one, says the same of it."""
    try:
        return has_only_plain(value)
    except RecursionError:
        return False


def has_only_plain(value):
    kind = type(value)
    if kind in SCALARS:
        return True
    if kind is dict:
        for key, member in value.items():
            if type(key) is not str or type(member) not in SCALARS and not has_only_plain(member):
                return False
        return True
    if kind is list:
        for member in value:
            if type(member) not in SCALARS and not has_only_plain(member):
                return False
        return True
    return False


def encoded(value, around):
    """The pieces of its JSON: named tuples are objects, bytes are text, a Decimal is a number with all its digits.

    :param around: what it is in, by identity
    """
    if isinstance(value, bytes):
        yield encode_string(value.decode("utf-8"))
    elif value is None or isinstance(value, (str, int, float)):
        yield encode_plain(value)
    elif isinstance(value, Decimal):
        yield "NaN" if value.is_nan() else str(value)
    else:
        members = value._asdict() if callable(getattr(value, "_asdict", None)) else value
        if not isinstance(members, (dict, list, tuple)):
            raise TypeError("Object of type {} is not JSON serializable".format(type(value).__name__))
        if id(value) in around:
            raise ValueError("Circular reference detected")
        around.add(id(value))
        yield from encoded_object(members, around) if isinstance(members, dict) else encoded_array(members, around)
        around.discard(id(value))


def encoded_object(members, around):
    start = "{"
    for key, member in members.items():
        yield start + encode_string(key_text(key)) + ": "
        yield from encoded(member, around)
        start = ", "
    yield "{}" if start == "{" else "}"


def encoded_array(members, around):
    start = "["
    for member in members:
        yield start
        yield from encoded(member, around)
        start = ", "
    yield "[]" if start == "[" else "]"


def key_text(key):
    if isinstance(key, str):
        return key
    if isinstance(key, bytes):
        return key.decode("utf-8")
    if key is None or isinstance(key, (int, float)):
        return encode_plain(key)
    raise TypeError("keys must be str, int, float, bool or None, not {}".format(type(key).__name__))


def unmarshalled(body, content_type):
    if content_type != "application/json":
        return body
    try:
        text = body.decode("utf-8")
        return decode_json(text[1:] if text.startswith("\ufeff") else text)
    except Exception as e:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: {}".format(e))


def marshalled(answer):
    if isinstance(answer, bytes):
        return answer, "application/unknown"
    try:
        return to_json(answer).encode("utf-8"), "application/json"
    except Exception as e:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: {}".format(e))


# ---- The context

LOG_GROUP_NAME = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
LOG_STREAM_NAME = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
FUNCTION_NAME = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
MEMORY_LIMIT_IN_MB = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
FUNCTION_VERSION = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")


class LambdaContext:
    """What vars() shows is what it shows on Lambda."""

    def __init__(self, headers):
        client_context = parsed_header(headers.get("lambda-runtime-client-context"), "Client Context")
        identity = parsed_header(headers.get("lambda-runtime-cognito-identity"), "Cognito Identity")
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id")
        self.log_group_name = LOG_GROUP_NAME
        self.log_stream_name = LOG_STREAM_NAME
        self.function_name = FUNCTION_NAME
        self.memory_limit_in_mb = MEMORY_LIMIT_IN_MB
        self.function_version = FUNCTION_VERSION
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self._w3c_fields = w3c_fields(client_context)
        self.client_context = None if client_context is None else ClientContext(client_context)
        self.identity = CognitoIdentity({} if identity is None else identity)
        self._epoch_deadline_time_in_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, msg):
        LOG.write(str(msg))

    def w3c(self):
        return dict(self._w3c_fields)

    def __repr__(self):
        return named(self, ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
                            "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id"))


class ClientContext:
    __slots__ = ("custom", "env", "client")

    def __init__(self, members):
        self.custom = members.get("custom")
        self.env = members.get("env")
        client = members.get("client")
        self.client = None if client is None else Client(client)

    def __repr__(self):
        return named(self, self.__slots__)


class Client:
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

    def __init__(self, members):
        for name in self.__slots__:
            setattr(self, name, members.get(name))

    def __repr__(self):
        return named(self, self.__slots__)


class CognitoIdentity:
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self, members):
        self.cognito_identity_id = members.get("cognitoIdentityId")
        self.cognito_identity_pool_id = members.get("cognitoIdentityPoolId")

    def __repr__(self):
        return named(self, self.__slots__)


def named(value, names):
    return "{}([{}])".format(type(value).__name__, ",".join("{}={}".format(name, getattr(value, name)) for name in names))


def parsed_header(text, name):
    if not text:
        return None
    try:
        return decode_json(text)
    except Exception as e:
        raise Fault("Runtime.LambdaContextUnmarshalError", "Unable to parse {} JSON: {}".format(name, e))


def w3c_fields(client_context):
    """Takes the trace out of the client context, where the function doesn't see it on Lambda either."""
    given = client_context.pop("w3c", None) if isinstance(client_context, dict) else None
    if not isinstance(given, dict):
        return {}
    return {name: given[name] for name in ("traceparent", "tracestate", "baggage") if isinstance(given.get(name), str)}


# ---- The log


class Log:
    """Where records go. A descriptor of its own, as on Lambda: a function that redirects its output doesn't take them along."""

    def __init__(self):
        self._descriptor = os.dup(1)

    def write(self, text, errors="strict"):
        """Ends the line if the text doesn't: on Lambda each text is an event in the log, here each line is."""
        rest = memoryview((text if text.endswith("\n") else text + "\n").encode("utf-8", errors))
        while rest:
            rest = rest[os.write(self._descriptor, rest):]


LOG = Log()


class LambdaLoggerHandler(logging.Handler):
    def emit(self, record):
        # An error reaches whoever logs, as it does on Lambda.
        LOG.write(self.format(record))


class RequestFilter(logging.Filter):
    """Puts into each record whose it is. Threads of the handler log for the request that runs."""

    aws_request_id = ""
    tenant_id = None

    def filter(self, record):
        record.aws_request_id = self.aws_request_id
        record.tenant_id = self.tenant_id
        return True


REQUEST = RequestFilter()


class JsonFormatter(logging.Formatter):
    """One object on one line, with what the record was given as extra."""

    _OWN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) - {"taskName"} | {"aws_request_id", "tenant_id"}
    _encode = staticmethod(json.JSONEncoder(ensure_ascii=False).encode)

    def format(self, record):
        fields = {
            "timestamp": timestamp(record.created),
            "level": logging.getLevelName(min(50, max(0, record.levelno)) // 10 * 10),
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            error_type, error, trace = record.exc_info
            fields["stackTrace"] = traceback.format_tb(trace)
            fields["errorType"] = error_type.__name__
            fields["errorMessage"] = str(error)
        fields["requestId"] = getattr(record, "aws_request_id", None)
        if record.exc_info:
            fields["location"] = "{}:{}:{}".format(record.pathname, record.funcName, record.lineno)
        fields["tenantId"] = getattr(record, "tenant_id", None)
        for name, value in record.__dict__.items():
            if name not in self._OWN:
                fields.setdefault(name, value)
        return self._encode({name: value for name, value in fields.items() if value is not None})


def timestamp(seconds):
    return "{}.{:03d}Z".format(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)), int(seconds % 1 * 1000))


JSON_LOG = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = LambdaLoggerHandler()
    handler.addFilter(REQUEST)
    handler.setFormatter(JsonFormatter() if JSON_LOG else logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"))
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = logging.getLevelName("DEBUG" if level == "TRACE" else level)
    if isinstance(level, int):
        logging.getLogger().setLevel(level)
    logging.getLogger().addHandler(handler)


# ---- Errors


def error_document(error, request_id):
    if isinstance(error, Fault):
        return document(str(error), error.error_type, error.trace, request_id)
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == OWN_FILE:
        trace = trace.tb_next
    # Without the columns, which Python would underline.
    frames = [(frame.filename, frame.lineno, frame.name, frame.line) for frame in traceback.extract_tb(trace)]
    return document(str(error), type(error).__name__, traceback.format_list(frames), request_id)


def document(message, error_type, trace, request_id):
    return {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def error_body(error):
    try:
        return encode_plain(error).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(error).encode("utf-8")


def log_error(error):
    """As lines that end in \\n and begin with spaces: Lambda's runtime has \\r and no-break spaces there for CloudWatch's sake."""
    if JSON_LOG:
        LOG.write(encode_plain({"timestamp": timestamp(time.time()), "level": "ERROR", **error}), "backslashreplace")
        return
    message = ": " + error["errorMessage"] if error["errorMessage"] else ""
    lines = ["[ERROR] " + error["errorType"] + message, "Traceback (most recent call last):"]
    for element in error["stackTrace"]:
        lines += element.splitlines()
    LOG.write("\n".join(lines), "backslashreplace")


# ---- The handler


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as e:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '{}': {}".format(name, e))
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", "Cannot use built-in module {} as a handler module".format(module_name))
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as e:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '{}': {}".format(module_name, e))
    except SyntaxError as e:
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '{}': {}".format(module_name, e),
                    ['  File "{}" Line {}\n    {}'.format(e.filename, e.lineno, e.text)])
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '{}' missing on module '{}'".format(function_name, module_name))


def flush():
    """All that was printed is in the pipe before the answer is, whatever the function has put in the place of the streams."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # It is closed, or no stream: nothing is in it that could still be shown.
            continue


def handle(api, handler, headers, body):
    """One event. What is no Exception, as SystemExit, ends the process, as it does on Lambda."""
    request_id = headers["lambda-runtime-aws-request-id"]
    path = "invocation/" + request_id
    REQUEST.aws_request_id = request_id
    REQUEST.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
    trace_id = headers.get("lambda-runtime-trace-id")
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    try:
        context = LambdaContext(headers)
        answer, content_type = marshalled(handler(unmarshalled(body, headers.get("content-type")), context))
    except Exception as e:
        error = error_document(e, request_id)
    else:
        flush()
        api.post(path + "/response", answer, content_type)
        return
    flush()
    log_error(error)
    api.post(path + "/error", error_body(error), error_type=error["errorType"])


def lost(reason):
    """Nobody is left who could be answered: not even threads of the function are waited for."""
    flush()
    try:
        LOG.write("[ERROR] The Runtime API is gone: {}".format(reason), "backslashreplace")
    except OSError:
        # So is whoever would read it.
        os._exit(1)
    os._exit(1)


def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    sys.stderr.reconfigure(encoding="utf-8")
    task_root = os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()
    if sys.path and os.path.realpath(sys.path[0]) == os.path.dirname(os.path.realpath(__file__)):
        sys.path[0] = task_root
    else:
        sys.path.insert(0, task_root)
    set_up_logging()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except Exception as e:
        error = error_document(e, "")
        flush()
        log_error(error)
        api.post("init/error", error_body(error), error_type=error["errorType"])
        sys.exit(1)
    while True:
        headers, body = api.next()
        handle(api, handler, headers, body)


if __name__ == "__main__":
    main()
