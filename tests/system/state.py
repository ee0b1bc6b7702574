"""Reads what a project's `var/` holds, checks that it is whole, and prints it as JSON.

state.py PROJECT
state.py --compare WANT.json HAVE.json

Whole means: every extract in one Delta commit at most, every live data file present, no mail twice, every artefact as its
manifest says, no run left `started`. Compared is what must not depend on whether the first start was killed.
"""

import email
import hashlib
import json
import pathlib
import sqlite3
import sys


def read_lake(lake, problems):
    """Rows and committed extracts of every Delta table."""
    tables = {}
    for log in sorted(lake.rglob("_delta_log")):
        table, live, extracts = log.parent, {}, []
        for commit in sorted(log.glob("*.json")):
            for line in commit.read_text(encoding="utf-8").splitlines():
                action = json.loads(line)
                if "add" in action:
                    live[action["add"]["path"]] = json.loads(action["add"].get("stats") or "{}").get("numRecords", 0)
                elif "remove" in action:
                    live.pop(action["remove"]["path"], None)
                elif "txn" in action and action["txn"]["appId"].startswith("extract-"):
                    extracts.append(action["txn"]["appId"])
        named = {json.loads(line)["add"]["path"] for commit in log.glob("*.json") for line in commit.read_text(encoding="utf-8").splitlines() if '"add"' in line}
        name = str(table.relative_to(lake))
        problems += [f"lake {name}: {path.name} is staged and no commit names it" for path in sorted(table.glob("extract-*.parquet")) if path.name not in named]
        problems += [f"lake {name}: {one} is committed {extracts.count(one)} times" for one in sorted(set(extracts)) if extracts.count(one) > 1]
        problems += [f"lake {name}: {path} is live but missing" for path in live if not (table / path).exists()]
        tables[name] = {"rows": sum(live.values()), "extracts": sorted(set(extracts))}
    if not tables:
        problems.append(f"{lake}: no Delta table")
    return tables


def read_ledger(path, problems):
    """Counts of extracts, editions and dispatches."""
    if not path.exists():
        problems.append(f"{path}: no ledger")
        return {}
    ledger = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    verdict = ledger.execute("pragma integrity_check").fetchone()[0]
    if verdict != "ok":
        problems.append(f"ledger: {verdict}")
    started = ledger.execute("select count(*) from runs where lower(state) = 'started'").fetchone()[0]
    if started:
        problems.append(f"ledger: {started} runs are left `started`")
    dispatches = ledger.execute("select lower(state), count(*) from dispatches group by 1 order by 1").fetchall()
    return {
        "extracts": ledger.execute("select hash, lower(state), accepted, quarantined from extracts order by 1").fetchall(),
        "editions": ledger.execute("select id, lower(state) from editions order by 1").fetchall(),
        "recipients": ledger.execute("select count(distinct recipient_key) from dispatches").fetchone()[0],
        "sent": dict(dispatches).get("sent", 0),
        "unknown": dict(dispatches).get("unknown", 0),
        "other": sum(count for state, count in dispatches if state not in ("sent", "unknown")),
    }


def read_outbox(outbox, problems):
    """How many whole messages lie there."""
    seen = {}
    for path in sorted(outbox.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix != ".eml":
            problems.append(f"outbox: {path.name} is left behind")
            continue
        message = email.message_from_bytes(path.read_bytes())
        identity = message["Message-ID"]
        if not identity or not message.is_multipart() or not message["To"]:
            problems.append(f"outbox: {path.name} is no whole message")
        for key in (("Message-ID", identity), ("To", message["To"], message["Subject"])):
            if key in seen:
                problems.append(f"outbox: {path.name} and {seen[key]} have the same {key[0]}")
            seen[key] = path.name
    return len(list(outbox.rglob("*.eml")))


def listed_artefacts(node):
    """Every (name, sha256) anywhere in a manifest."""
    if isinstance(node, dict):
        name = next((node[key] for key in ("name", "file", "file_name", "path") if isinstance(node.get(key), str)), None)
        if name and isinstance(node.get("sha256"), str):
            yield name, node["sha256"]
        for value in node.values():
            yield from listed_artefacts(value)
    elif isinstance(node, list):
        for value in node:
            yield from listed_artefacts(value)


def read_editions(editions, problems):
    """The artefacts of every edition, each checked against its manifest."""
    packs = {}
    for manifest in sorted(editions.rglob("manifest.json")):
        folder = manifest.parent
        artefacts = dict(listed_artefacts(json.loads(manifest.read_text(encoding="utf-8"))))
        if not artefacts:
            problems.append(f"edition {folder.name}: its manifest lists no artefact")
        for name, digest in artefacts.items():
            path = folder / name
            if not path.exists():
                problems.append(f"edition {folder.name}: {name} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                problems.append(f"edition {folder.name}: {name} is not what the manifest says")
        packs[str(folder.relative_to(editions))] = sorted(artefacts)
    if not packs:
        problems.append(f"{editions}: no manifest")
    return packs


def read(project):
    problems = []
    var = pathlib.Path(project) / "var"
    problems += [f"{path} is left behind" for area in ("raw", "restricted/quarantine") for path in sorted((var / area).glob(".incoming.*"))]
    problems += [f"{path} is left behind" for path in sorted((var / "spill").glob("ingest-*"))]
    state = {
        "lake": read_lake(var / "lake", problems),
        "ledger": read_ledger(var / "ledger" / "ledger.sqlite", problems),
        "messages": read_outbox(var / "outbox", problems),
        "editions": read_editions(var / "editions", problems),
    }
    ledger = state["ledger"]
    if ledger and ledger["sent"] > state["messages"]:
        problems.append(f"{ledger['sent']} are recorded as sent, {state['messages']} messages lie in the outbox")
    if ledger and state["messages"] > ledger["recipients"]:
        problems.append(f"{state['messages']} messages for {ledger['recipients']} recipients")
    print(json.dumps(state, indent=1))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def compare(want_path, have_path):
    """A mail of unknown outcome may stand for a sent one; nothing else may differ."""
    want, have = (json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in (want_path, have_path))
    unknown = have["ledger"]["unknown"]
    if unknown == 0 and have["messages"] != want["messages"]:
        print(f"messages: {want['messages']} wanted, {have['messages']} found")
        return 1
    for state in (want, have):
        ledger = state["ledger"]
        ledger["sent"] += ledger.pop("unknown")
        state.pop("messages")
        if unknown:  # an edition with such a mail is not `sent` yet
            ledger["editions"] = [identity for identity, _ in ledger["editions"]]
    different = [key for key in want if want[key] != have[key]]
    for key in different:
        print(f"{key}:\n  wanted {json.dumps(want[key])}\n  found  {json.dumps(have[key])}")
    return 1 if different else 0


if __name__ == "__main__":
    if len(sys.argv) == 2:
        sys.exit(read(sys.argv[1]))
    if len(sys.argv) == 4 and sys.argv[1] == "--compare":
        sys.exit(compare(sys.argv[2], sys.argv[3]))
    sys.exit(__doc__)
