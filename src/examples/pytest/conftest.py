"""Sluice as a fixture of pytest. Copy this file beside your tests; it needs boto3, and the command sluice (or SLUICE=path/to/scripts/sluice)."""
import json, os, pathlib, random, subprocess, time, urllib.error, urllib.request
import boto3, pytest


class Sluice:
    """One server for the run; each test has an account of its own in it, so that none sees what another has made."""
    def __init__(self, server):
        self.server = server
        self.account = "%012d" % random.randrange(10**12)
        self.aws = boto3.client("lambda", endpoint_url=server["url"], region_name=server["region"],
                                aws_access_key_id=self.account, aws_secret_access_key="made-up")

    def control(self, method, path, body=None):
        request = urllib.request.Request(self.server["url"] + "/_sluice/" + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        try:
            return json.loads(urllib.request.urlopen(request).read() or b"{}")
        except urllib.error.HTTPError as refused:
            raise AssertionError(refused.read().decode()) from None

    def function(self, name, directory, handler, runtime="python3.12", **settings):
        """Registers a handler of the working tree, for this test alone; answers its name."""
        self.control("PUT", f"functions/{name}?accountId={self.account}&region={self.server['region']}",
                     {"directory": str(pathlib.Path(directory).resolve()), "handler": handler, "runtime": runtime, **settings})
        return name

    def mapping(self, function, topic=None, **members):
        """Creates a mapping with any of AWS's members, of a fresh topic when none is named; answers what AWS answers."""
        members.setdefault("StartingPosition", "TRIM_HORIZON")
        members.setdefault("EventSourceArn", f"arn:aws:kafka:{self.server['region']}:{self.account}:cluster/test/00000000-0000-0000-0000-000000000000-1")
        return self.aws.create_event_source_mapping(FunctionName=function, Topics=[topic or f"topic-{self.account}-{random.randrange(10**6)}"], **members)

    def produce(self, mapping, *values, **attributes):
        self.control("POST", f"topics/{mapping['Topics'][0]}/records", {"records": [{"value": value, **attributes} for value in values]})

    def advance(self, duration, *mappings):
        """Moves time on by "PT5M", say, for all tests, once these mappings read: windows end, records age, backoffs pass, all at once."""
        for mapping in mappings:
            self.until(mapping, lambda now: now["State"] == "Enabled")
        return self.control("POST", "advance", {"duration": duration})

    def await_drained(self, mapping, seconds=30):
        """Returns when all that was written is done with: delivered, filtered or given up."""
        return self.until(mapping, lambda now: (now["detail"] or {}).get("lag") == 0, seconds)

    def until(self, mapping, holds, seconds=30):
        """Returns when this holds of the mapping. Fails with why it does not."""
        deadline = time.monotonic() + seconds
        while not holds(now := self.control("GET", "mappings/" + mapping["UUID"])):
            if time.monotonic() > deadline:
                raise AssertionError("\n".join(f"{why['sentence']}  {why['figures']}  {why['command'] or ''}" for why in now["diagnosis"]))
            time.sleep(0.05)
        return now

    def logs(self, function):
        lines = self.control("GET", f"functions/{function}/logs")["lines"]
        return "\n".join(line["text"] for line in lines if line.get("accountId") == self.account)


@pytest.fixture(scope="session")
def sluice_server(tmp_path_factory):
    ready = tmp_path_factory.mktemp("sluice") / "ready.json"
    with open(ready.with_name("log"), "w") as log:
        process = subprocess.Popen([os.environ.get("SLUICE", "sluice"), "serve", "--data-dir", ready.with_name("data"), "--ready-file", ready,
                                    *"--port 0 --embedded-kafka-port 0 --quiet --exit-with-parent --allow-reset --movable-clock".split()], stdout=log, stderr=log)
    while not ready.exists():
        assert process.poll() is None, ready.with_name("log").read_text()
        time.sleep(0.05)
    yield json.loads(ready.read_text())
    process.terminate()
    process.wait(20)


@pytest.fixture
def sluice(sluice_server):
    test = Sluice(sluice_server)
    yield test
    test.control("POST", "reset?accountId=" + test.account)
