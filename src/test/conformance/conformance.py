#!/usr/bin/env python3
"""Replays known answers of AWS against a running server, through boto3 and raw HTTP.

Usage: conformance.py --endpoint http://127.0.0.1:4574 [--only TEXT] [--leave-out PREFIX=REASON ...] [--verbose]

cases.json, beside this file, says for each case what is asked, what AWS answers, and where that was seen: "aws-recorded" is an
answer of AWS that LocalStack's tests recorded (the test's name follows), "aws-reported" an answer quoted in a bug report,
"terraform" what the AWS provider's code or acceptance tests rely on, "model" AWS's service model, "docs" its documentation.

Signs as access key 111111111111, so the account is 111111111111, region us-east-1. What the cases need it sets up itself through
the public API: function fn-esm (python3.12 zip that returns its event) with version 1 and alias myalias, and a mapping whose
function was deleted; a set-up step that fails is printed and the run goes on.
Exit status: 0 when every case held, 1 otherwise. Last line: 'N passed, M failed, L left out'.
"""
import argparse
import http.client
import io
import json
import os
import re
import sys
import time
import zipfile
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION, ACCOUNT = "us-east-1", "111111111111"


def zip_bytes():
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w") as z:
        z.writestr("app.py", "def handler(event, context):\n    return event\n")
    return buf.getvalue()


class Run:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.clients = {}
        fn = "fn-esm"
        self.vars = {
            "REGION": REGION, "ACCOUNT": ACCOUNT, "FN": fn,
            "FN_ARN": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{fn}", "FN_DELETABLE": "fn-deletable",
            "SECRET_ARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:kafka-user-AbCdEf",
            "ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/r", "ZIP_BYTES": zip_bytes(),
            "MSK_ARN": f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2",
        }

    def client(self, service, validate=True):
        key = (service, validate)
        if key not in self.clients:
            self.clients[key] = boto3.client(
                service, endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=ACCOUNT,
                aws_secret_access_key="test",
                config=Config(parameter_validation=validate, retries={"total_max_attempts": 1}, read_timeout=30))
        return self.clients[key]

    def subst(self, o, esc=False, extra=None):
        env = dict(self.vars, **(extra or {}))
        if isinstance(o, str):
            whole = re.fullmatch(r"\$\{([A-Za-z0-9_.]+)\}", o)
            if whole and not esc and whole.group(1) in env:
                return env[whole.group(1)]
            return re.sub(r"\$\{([A-Za-z0-9_.]+)\}",
                          lambda m: (re.escape if esc else str)(str(env[m.group(1)])) if m.group(1) in env else m.group(0), o)
        if isinstance(o, dict):
            return {k: self.subst(v, esc, extra) for k, v in o.items()}
        if isinstance(o, list):
            return [self.subst(x, esc, extra) for x in o]
        return o

    def setup(self):
        lam = self.client("lambda")
        code = {"ZipFile": zip_bytes()}
        steps = [
            ("function", lambda: lam.create_function(FunctionName="fn-esm", Runtime="python3.12", Handler="app.handler",
                                                     Role=self.vars["ROLE_ARN"], Code=code)),
            ("deletable", lambda: lam.create_function(FunctionName="fn-deletable", Runtime="python3.12",
                                                      Handler="app.handler", Role=self.vars["ROLE_ARN"], Code=code)),
            ("active", lambda: [self.wait_active(f) for f in ("fn-esm", "fn-deletable")]),
            ("mapping of a deleted function", self.mapping_of_deleted_function),
            ("version", lambda: lam.publish_version(FunctionName="fn-esm")),
            ("alias", lambda: lam.create_alias(FunctionName="fn-esm", Name="myalias", FunctionVersion="1")),
        ]
        for name, step in steps:
            try:
                step()
            except Exception as e:  # noqa: BLE001 - a set-up step that fails only weakens the run
                print(f"setup {name}: {type(e).__name__}: {str(e)[:160]}")

    def mapping_of_deleted_function(self):
        lam = self.client("lambda")
        lam.create_function(FunctionName="fn-gone", Runtime="python3.12", Handler="app.handler",
                            Role=self.vars["ROLE_ARN"], Code={"ZipFile": zip_bytes()})
        self.wait_active("fn-gone")
        uuid = lam.create_event_source_mapping(FunctionName="fn-gone", EventSourceArn=self.vars["MSK_ARN"],
                                               Topics=["of-deleted"], StartingPosition="TRIM_HORIZON")["UUID"]
        self.settle(uuid)
        lam.delete_function(FunctionName="fn-gone")
        self.vars["ESM_OF_DELETED_FN"] = uuid

    def wait_active(self, fn):
        for _ in range(100):
            c = self.client("lambda").get_function_configuration(FunctionName=fn)
            if c.get("State", "Active") == "Active":
                return
            time.sleep(0.1)

    def call(self, case):
        """-> (status, headers, parsed body or None, error code or None)"""
        if case.get("request"):
            r = self.subst(case["request"])
            u = urlsplit(self.endpoint)
            conn = http.client.HTTPConnection(u.hostname, u.port, timeout=30)
            body = r.get("body")
            headers = dict(r.get("headers") or {})
            headers.setdefault("Authorization", f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/lambda/aws4_request, "
                                                "SignedHeaders=host, Signature=0")
            conn.request(r["method"], r["path"], body.encode() if isinstance(body, str) else body, headers)
            resp = conn.getresponse()
            raw = resp.read()
            hs = {k.lower(): v for k, v in resp.getheaders()}
            try:
                parsed = json.loads(raw) if raw else None
            except ValueError:
                parsed = None
            code = hs.get("x-amzn-errortype", "").split(":")[0] if resp.status >= 400 else None
            return resp.status, hs, parsed, code
        client = self.client(case["service"], case.get("client", {}).get("parameter_validation", True))
        try:
            out = getattr(client, case["operation"])(**self.subst(case["params"]))
            meta = out.pop("ResponseMetadata")
            if hasattr(out.get("Payload"), "read"):
                out["Payload"] = out["Payload"].read().decode()
            return meta["HTTPStatusCode"], {k.lower(): v for k, v in meta["HTTPHeaders"].items()}, out, None
        except ClientError as e:
            meta = e.response["ResponseMetadata"]
            return (meta["HTTPStatusCode"], {k.lower(): v for k, v in meta["HTTPHeaders"].items()}, e.response,
                    e.response["Error"]["Code"])

    def check(self, case):
        ex = case["expect"]
        status, headers, body, code = self.call(case)
        problems = []

        def expect(what, want, got):
            if want != got:
                problems.append(f"{what}: want {want!r}, got {got!r}")
        if "status" in ex:
            expect("status", ex["status"], status)
        is_error = code is not None and status >= 400
        message = None
        if is_error:
            message = (body or {}).get("Error", {}).get("Message") if case.get("operation") else \
                ((body or {}).get("message") or (body or {}).get("Message"))
        if ex.get("code"):
            expect("code", ex["code"], code)
        if "message" in ex:
            expect("message", self.subst(ex["message"]), message)
        if "message_regex" in ex and not re.search(self.subst(ex["message_regex"], True), message or ""):
            problems.append(f"message: want /{ex['message_regex']}/, got {message!r}")
        if is_error and case.get("operation") and "type" in ex:
            expect("Type", ex["type"], (body or {}).get("Type") or (body or {}).get("Error", {}).get("Type"))
        if "body_json" in ex:
            expect("body", self.subst(ex["body_json"]), body)
        for k, v in (ex.get("headers") or {}).items():
            expect(f"header {k}", self.subst(v), headers.get(k.lower()))
        extra = {f"self.{k}": v for k, v in (body or {}).items() if isinstance(v, str)} if isinstance(body, dict) else {}
        for k, v in (ex.get("fields") or {}).items():
            expect(k, self.subst(v, extra=extra), (body or {}).get(k))
        for path, rx in (ex.get("fields_regex") or {}).items():
            for got in values_at(body, path):
                if not re.search(self.subst(rx, True), str(got)):
                    problems.append(f"{path}: want /{rx}/, got {got!r}")
        for k in ex.get("absent") or []:
            if (body or {}).get(k) is not None:
                problems.append(f"{k}: want absent, got {body[k]!r}")
        for k, name in (case.get("save") or {}).items():
            if isinstance(body, dict) and k in body:
                self.vars[name] = body[k]
        return problems

    def settle(self, uuid, seconds=30):
        """Waits until a mapping has left every transitional state."""
        end = time.time() + seconds
        while time.time() < end:
            try:
                if self.client("lambda").get_event_source_mapping(UUID=uuid)["State"] in ("Enabled", "Disabled"):
                    return
            except ClientError:
                return
            time.sleep(0.1)

    def run(self, cases, only, leave_out, verbose):
        passed = failed = 0
        left_out = {}
        for case in cases:
            if only and only not in case["name"]:
                continue
            reason = next((reason for prefix, reason in leave_out if case["name"].startswith(prefix)), None)
            if reason:
                left_out.setdefault(reason, []).append(case["name"])
                continue
            uuid = self.subst((case.get("params") or {}).get("UUID", ""))
            if uuid and case["operation"] in ("update_event_source_mapping", "delete_event_source_mapping"):
                self.settle(uuid)
            try:
                problems = self.check(case)
                end = time.time() + case.get("poll_seconds", 0)
                while problems and time.time() < end:
                    time.sleep(0.2)
                    problems = self.check(case)
            except Exception as e:  # noqa: BLE001
                problems = [f"{type(e).__name__}: {str(e)[:300]}"]
            if problems:
                failed += 1
                print(f"FAIL {case['name']}  [{case.get('confidence')}; {case.get('evidence', '')[:110]}]")
                for p in problems:
                    print(f"     {p[:600]}")
            else:
                passed += 1
                if verbose:
                    print(f"ok   {case['name']}")
            if case.get("cleanup") and case.get("save"):
                u = self.vars.get(next(iter(case["save"].values())))
                if u:
                    self.settle(u)
                    try:
                        self.client("lambda").delete_event_source_mapping(UUID=u)
                    except Exception:  # noqa: BLE001
                        pass
        for reason, names in left_out.items():
            print(f"left out, {reason}: {', '.join(names)}")
        print(f"{passed} passed, {failed} failed, {sum(map(len, left_out.values()))} left out")
        return failed


def values_at(body, path):
    items = [body]
    for part in path.split("."):
        star = part.endswith("[*]")
        key = part[:-3] if star else part
        nxt = []
        for i in items:
            v = (i or {}).get(key) if isinstance(i, dict) else None
            nxt.extend(v or [] if star else [v])
        items = nxt
    return items


def prefix_and_reason(text):
    prefix, equals, reason = text.partition("=")
    if not (prefix and equals and reason):
        raise argparse.ArgumentTypeError(f"'{text}' must be PREFIX=REASON")
    return prefix, reason


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--endpoint", required=True)
    ap.add_argument("--only", metavar="TEXT", help="only cases with this in their name")
    ap.add_argument("--leave-out", action="append", default=[], metavar="PREFIX=REASON", type=prefix_and_reason,
                    help="cases whose name begins so wait, for this reason")
    ap.add_argument("--verbose", action="store_true")
    a = ap.parse_args()
    run = Run(a.endpoint)
    run.setup()
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)
    sys.exit(1 if run.run(cases, a.only, a.leave_out, a.verbose) else 0)


if __name__ == "__main__":
    main()
