import os

DIRECTORY = os.environ["DIRECTORY"]


def handler(event, context):
    lines = [f"{r['partition']} {r['offset']}\n" for records in event["records"].values() for r in records]
    print("got", len(lines))
    append("seen", lines)
    if "1 125\n" in lines and not os.path.exists(f"{DIRECTORY}/failed"):
        os.mkdir(f"{DIRECTORY}/failed")
        raise ValueError("told to fail")
    append("done", lines)
    return "ok"


def append(name, lines):
    with open(f"{DIRECTORY}/{name}", "a") as file:
        file.write("".join(lines))
